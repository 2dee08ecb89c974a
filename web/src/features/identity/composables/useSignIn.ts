import { ref } from 'vue'
import { api, useAction, useLoaded, type IdentityProvider, type List, type Session } from '@/shared/api'
import { signInCitizen, signInWithProvider } from '@/shared/auth'
import { retell } from '@/shared/locales/retell'
import { t } from '../locales'
import { isStrong } from './password'

/** The password is a one-time password of a window: the person chooses one of his own. */
const IS_ONE_TIME = 'E1116'
/** What is wrong with the new password, not with the one-time password. */
const IS_WEAK = 'E1106'

/** Signing in by password or through a provider of identities. */
export function useSignIn(done: (session: Session) => void) {
  const account = ref(''), password = ref(''), fresh = ref('')
  /** Whether a password of one's own has to be chosen. */
  const renewing = ref(false)
  const errors = ref<{ id: string; text: string }[]>([])
  const providers = useLoaded((signal) => api.get<List<IdentityProvider>>('/identity-providers', undefined, { signal }))

  const byPassword = useAction(async (key) => done(await signInCitizen(account.value.trim(), password.value, renewing.value ? fresh.value : undefined, key)))
  const byProvider = useAction(async (key, provider: string, ticket: string) => done(await signInWithProvider(provider, ticket, key)))

  function check(): { id: string; text: string }[] {
    if (renewing.value) return isStrong(fresh.value) ? [] : [{ id: 'fresh-password', text: t.signUp.errors.password }]
    return [
      ...(account.value.trim() ? [] : [{ id: 'account', text: t.signIn.needAccount }]),
      ...(password.value ? [] : [{ id: 'password', text: t.signIn.needPassword }])
    ]
  }

  retell(() => errors.value, check)

  async function submit(): Promise<void> {
    errors.value = check()
    if (errors.value.length) return
    await byPassword.run()
    const { problem } = byPassword
    if (!problem.value || problem.value.isUnanswered) return
    if (problem.value.code === IS_ONE_TIME) {
      renewing.value = true
      problem.value = undefined
    } else if (problem.value.code !== IS_WEAK) {
      startOver()
    }
  }

  /** Back to account and password; what was typed in secret is gone. */
  function startOver(): void {
    renewing.value = false
    password.value = fresh.value = ''
    errors.value = []
  }

  return { account, password, fresh, renewing, errors, submit, startOver, byPassword, byProvider, providers }
}
