import { computed, ref } from 'vue'
import { api, useAction, useLoaded, type IdentityProvider, type List, type Session } from '@/shared/api'
import { signInStaff, signInWithProvider } from '@/shared/auth'
import { forStaff } from '../refusals'

/** Signing staff in by account and password, in a demo city also as one of its people. */
export function useStaffSignIn(done: () => unknown, known = '') {
  const account = ref(known), password = ref(''), missing = ref(false)
  const providers = useLoaded((signal) => api.get<List<IdentityProvider>>('/identity-providers', undefined, { signal, quiet: true }))
  const demo = computed(() => providers.data.value?.rows.filter((provider) => provider.demo) ?? [])

  const signIn = useAction(async (key, work: (key: string) => Promise<Session>) => {
    await work(key)
    await done()
  })

  function submit(): void {
    missing.value = !account.value.trim() || !password.value
    if (missing.value) return void document.getElementById(account.value.trim() ? 'password' : 'account')?.focus()
    void signIn.run((key) => signInStaff(account.value.trim(), password.value, key))
  }

  const choose = (provider: string, ticket: string) => void signIn.run((key) => signInWithProvider(provider, ticket, key))
  return { account, password, missing, demo, busy: signIn.busy, problem: computed(() => forStaff(signIn.problem.value)), submit, choose }
}

export type StaffSignIn = ReturnType<typeof useStaffSignIn>
