import { ref } from 'vue'
import { api, useAction, useLoaded, type IdentityProvider, type List, type Session } from '@/shared/api'
import { signInCitizen, signInWithProvider } from '@/shared/auth'
import { t } from '../locales'

/** Signing in by password or through a provider of identities. */
export function useSignIn(done: (session: Session) => void) {
  const account = ref(''), password = ref('')
  const errors = ref<{ id: string; text: string }[]>([])
  const providers = useLoaded((signal) => api.get<List<IdentityProvider>>('/identity-providers', undefined, { signal }))

  const byPassword = useAction(async (key) => done(await signInCitizen(account.value.trim(), password.value, key)))
  const byProvider = useAction(async (key, provider: string, ticket: string) => done(await signInWithProvider(provider, ticket, key)))

  async function submit(): Promise<void> {
    errors.value = [
      ...(account.value.trim() ? [] : [{ id: 'account', text: t.signIn.needAccount }]),
      ...(password.value ? [] : [{ id: 'password', text: t.signIn.needPassword }])
    ]
    if (errors.value.length) return
    await byPassword.run()
    if (byPassword.problem.value) password.value = ''
  }

  return { account, password, errors, submit, byPassword, byProvider, providers }
}
