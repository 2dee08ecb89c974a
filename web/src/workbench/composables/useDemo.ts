import { onMounted, ref, type Ref } from 'vue'
import { api, type IdentityProvider, type List } from '@/shared/api'

/** Whether this is a demo city: it has the plainly labelled demo provider. */
export function useDemo(): Ref<boolean> {
  const demo = ref(false)
  onMounted(async () => {
    const answer = await api.get<List<IdentityProvider>>('/identity-providers', undefined, { quiet: true }).catch(() => undefined)
    demo.value = answer?.rows.some((provider) => provider.demo) ?? false
  })
  return demo
}
