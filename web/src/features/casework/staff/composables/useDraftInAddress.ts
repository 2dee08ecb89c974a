import { onScopeDispose, watch, type Ref } from 'vue'
import { onBeforeRouteLeave, useRoute, useRouter } from 'vue-router'

/** Keeps the id of the open draft in the address of the page, so that a reload goes on with it. */
export function useDraftInAddress(open: Ref<string | undefined>, resume: (caseId: string) => Promise<void>): void {
  const route = useRoute(), router = useRouter()
  /** Another address now would call off the way out. */
  let leaving = false

  if (typeof route.query.draft === 'string') void resume(route.query.draft)
  onBeforeRouteLeave(() => { leaving = true })
  onScopeDispose(router.afterEach(() => { leaving = false }))
  watch(open, (id) => { if (!leaving) void router.replace({ query: id ? { draft: id } : {} }) })
}
