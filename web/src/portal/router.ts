import { nextTick, watch } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { citizen, loadSession, sessionLost } from '@/shared/auth'
import { lang, wordsReady } from '@/shared/locales'
import HomeView from '@/features/catalog/views/HomeView.vue'
import { t } from './locales'

declare module 'vue-router' {
  interface RouteMeta { heading?: () => string; signedIn?: boolean; otherParty?: boolean }
}

const titled = (title: keyof typeof t.titles, more: { signedIn?: boolean; otherParty?: boolean } = {}) => ({ heading: () => t.titles[title], ...more })

const routes: RouteRecordRaw[] = [
  { path: '/', component: HomeView, meta: titled('home') },
  { path: '/items', component: () => import('@/features/catalog/views/ItemsView.vue'), meta: titled('items') },
  { path: '/life/:id', component: () => import('@/features/catalog/views/LifeEventView.vue'), meta: titled('life') },
  { path: '/halls', component: () => import('@/features/catalog/views/HallsView.vue'), meta: titled('halls') },
  { path: '/items/:code', component: () => import('@/features/catalog/views/GuideView.vue'), meta: titled('guide') },
  { path: '/calculators', component: () => import('@/features/catalog/views/CalculatorsView.vue'), meta: titled('calculators') },
  { path: '/calculators/:id', component: () => import('@/features/catalog/views/CalculatorView.vue'), meta: titled('calculators') },
  { path: '/items/:code/apply', component: () => import('@/features/casework/views/StartView.vue'), meta: titled('items', { signedIn: true }) },
  { path: '/apply/:id', component: () => import('@/features/casework/views/ApplyView.vue'), meta: titled('apply', { signedIn: true }) },
  { path: '/cases', component: () => import('@/features/casework/views/MyCasesView.vue'), meta: titled('cases', { signedIn: true }) },
  { path: '/cases/:id', component: () => import('@/features/casework/views/CaseView.vue'), meta: titled('case', { signedIn: true }) },
  { path: '/cases/:id/submitted', component: () => import('@/features/casework/views/SubmittedView.vue'), meta: titled('submitted', { signedIn: true }) },
  { path: '/cases/:id/notices/:notice', component: () => import('@/features/casework/views/NoticeView.vue'), meta: titled('notice', { signedIn: true }) },
  { path: '/other-party/:id', component: () => import('@/features/casework/views/OtherPartyView.vue'), meta: titled('other', { signedIn: true }) },
  { path: '/other-party/:id/notices/:notice', component: () => import('@/features/casework/views/NoticeView.vue'), meta: titled('notice', { signedIn: true, otherParty: true }) },
  { path: '/cases/:id/rate', component: () => import('@/features/voice/views/RateView.vue'), meta: titled('rate', { signedIn: true }) },
  { path: '/rosters', component: () => import('@/features/casework/views/RostersView.vue'), meta: titled('rosters', { signedIn: true }) },
  { path: '/rosters/:id', component: () => import('@/features/casework/views/RosterView.vue'), meta: titled('rosters', { signedIn: true }) },
  { path: '/progress', component: () => import('@/features/casework/views/ProgressView.vue'), meta: titled('progress') },
  { path: '/messages', component: () => import('@/features/messages/views/MessagesView.vue'), meta: titled('messages', { signedIn: true }) },
  { path: '/account', component: () => import('@/features/identity/views/AccountView.vue'), meta: titled('account', { signedIn: true }) },
  { path: '/agents', component: () => import('@/features/identity/views/AgentsView.vue'), meta: titled('agents', { signedIn: true }) },
  { path: '/sign-in', component: () => import('@/features/identity/views/SignInView.vue'), meta: titled('signIn') },
  { path: '/sign-up', component: () => import('@/features/identity/views/SignUpView.vue'), meta: titled('signUp') },
  { path: '/accessibility', component: () => import('./views/AccessibilityView.vue'), meta: titled('accessibility') },
  { path: '/:path(.*)*', component: () => import('./views/NotFoundView.vue'), meta: titled('missing') }
]

export const router = createRouter({
  history: createWebHistory('/'),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 })
})

router.beforeEach(async (to) => {
  // The page waits for its session, whatever the back button says.
  if (sessionLost.value) return false
  await loadSession().catch(() => undefined)
  if (to.meta.signedIn && !citizen.value) return { path: '/sign-in', query: { next: to.fullPath } }
  return true
})

// A page that is opened in another language waits for its words.
router.beforeResolve(wordsReady)

const setTitle = () => { document.title = `${router.currentRoute.value.meta.heading?.() ?? ''} - ${t.siteName}` }
// Before the page itself puts the name of what it shows there.
watch(lang, setTitle, { flush: 'sync' })

router.afterEach((to, from) => {
  setTitle()
  if (from.matched.length && to.path !== from.path) {
    void nextTick(() => document.getElementById('main')?.focus({ preventScroll: true }))
  }
})
