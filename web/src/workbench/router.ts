import { watch } from 'vue'
import { createRouter, createWebHistory, type RouteLocationNormalized, type Router } from 'vue-router'
import { loadSession, may, sessionLost, staff } from '@/shared/auth'
import { CASES } from '@/shared/auth/cases'
import { lang, wordsReady } from '@/shared/locales'
import { t } from './locales'
import { startPage, type PageName } from './navigation'

declare module 'vue-router' {
  /** `typed`: what is typed there stands on the page only, which therefore outlives a change of language. */
  interface RouteMeta { page?: PageName; permissions?: readonly string[]; open?: boolean; bare?: boolean; typed?: boolean }
}

/** The pages of the workbench; each says which permission opens it. */
export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory('/workbench'),
    routes: [
      { path: '/', component: () => import('./WelcomePage.vue') },
      { path: '/sign-in', component: () => import('@/features/identity/staff/views/SignInPage.vue'), meta: { page: 'signIn', open: true, bare: true } },
      { path: '/welcome', component: () => import('./WelcomePage.vue'), meta: { page: 'welcome' } },
      { path: '/tasks', component: () => import('@/features/casework/staff/views/InboxPage.vue'), meta: { page: 'tasks', permissions: CASES } },
      { path: '/search', component: () => import('@/features/casework/staff/views/SearchPage.vue'), meta: { page: 'search', permissions: ['case.view'] } },
      { path: '/cases', component: () => import('@/features/casework/staff/views/CasesPage.vue'), meta: { page: 'cases', permissions: ['case.view'] } },
      { path: '/cases/:id', component: () => import('@/features/casework/staff/views/CasePage.vue'), props: true, meta: { page: 'case', permissions: CASES, typed: true } },
      { path: '/cases/:id/notices/:notice', component: () => import('@/features/casework/staff/views/NoticePage.vue'), props: true, meta: { page: 'notice', permissions: CASES } },
      { path: '/counter', component: () => import('@/features/casework/staff/views/CounterPage.vue'), meta: { page: 'counter', permissions: ['case.accept'], typed: true } },
      { path: '/delivery', component: () => import('@/features/casework/staff/views/DeliveryPage.vue'), meta: { page: 'delivery', permissions: ['case.deliver'] } },
      { path: '/password-resets', component: () => import('@/features/identity/staff/views/PasswordResetPage.vue'), meta: { page: 'passwordResets', permissions: ['account.reset'], typed: true } },
      { path: '/account', component: () => import('@/features/identity/staff/views/AccountPage.vue'), meta: { page: 'account' } },
      { path: '/dashboard', component: () => import('@/features/insight/staff/views/DashboardPage.vue'), meta: { page: 'dashboard', permissions: ['insight.view'] } },
      { path: '/ratings', component: () => import('@/features/voice/staff/views/RatingsPage.vue'), meta: { page: 'ratings', permissions: ['rating.view'] } },
      { path: '/staff', component: () => import('@/features/identity/staff/views/StaffPage.vue'), meta: { page: 'staff', permissions: ['staff.manage'] } },
      { path: '/items', component: () => import('@/features/catalog/staff/views/StandardsPage.vue'), meta: { page: 'standards' } },
      { path: '/items/:code', component: () => import('@/features/catalog/staff/views/StandardPage.vue'), props: true, meta: { page: 'standards' } },
      { path: '/jobs', component: () => import('@/features/operation/staff/views/JobsPage.vue'), meta: { page: 'jobs', permissions: ['job.manage'] } },
      { path: '/audit', component: () => import('@/features/operation/staff/views/AuditPage.vue'), meta: { page: 'audit', permissions: ['audit.view'] } },
      { path: '/outbox', component: () => import('@/features/messages/staff/views/OutboxPage.vue'), meta: { page: 'outbox' } },
      { path: '/:rest(.*)*', component: () => import('./NotFoundPage.vue'), meta: { page: 'missing' } }
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 }
  })
  router.beforeEach(guard)
  // A page that is opened in another language waits for its words.
  router.beforeResolve(wordsReady)
  const setTitle = () => {
    const { page } = router.currentRoute.value.meta
    document.title = `${page ? t.pages[page] : ''} | ${t.pages.site}`
  }
  router.afterEach(setTitle)
  watch(lang, setTitle)
  return router
}

/** Leads strangers to the sign-in page and back to where they wanted to go. */
async function guard(to: RouteLocationNormalized) {
  // The page waits for its session, whatever the back button says.
  if (sessionLost.value) return false
  try {
    await loadSession()
  } catch {
    return to.meta.open ? true : { path: '/sign-in', query: { to: to.fullPath } }
  }
  const signedIn = staff.value !== undefined
  if (!signedIn) return to.meta.open ? true : { path: '/sign-in', query: to.path === '/' ? {} : { to: to.fullPath } }
  const start = startPage(staff.value?.permissions ?? [])
  const isDoor = ['/', '/sign-in'].includes(to.path) || (to.path === '/welcome' && !to.query.refused)
  if (isDoor && to.path !== start) return start
  if (to.meta.permissions && !to.meta.permissions.some(may)) return { path: '/welcome', query: { refused: to.meta.page } }
  return true
}
