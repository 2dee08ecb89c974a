import { computed, ref, watch } from 'vue'
import { useLoaded, type StaffRow } from '@/shared/api'
import { staff } from '@/shared/auth'
import { usePaged } from '@/shared/staff/usePaged'
import { ofAgency, orgTree } from '../orgTree'
import { listAbsences, listOrganisations, listPosts, listStaff } from '../staff.api'

/** Organisations of the own agency, posts, staff of the chosen organisation, and absences. */
export function useDirectory() {
  const org = ref('')
  const text = ref('')
  const organisations = useLoaded((signal) => listOrganisations(signal))
  const posts = useLoaded((signal) => listPosts(signal))
  const absences = useLoaded((signal) => listAbsences(signal))
  const people = usePaged<StaffRow>((cursor, signal) => listStaff(org.value, cursor, signal))
  const tree = computed(() => orgTree(ofAgency(organisations.data.value?.rows ?? [], staff.value?.bureau ?? '')))
  const shown = computed(() => {
    const wanted = text.value.trim()
    return wanted ? people.rows.value.filter((row) => row.name.includes(wanted) || row.account.includes(wanted)) : people.rows.value
  })

  async function reload(): Promise<void> {
    await Promise.all([people.reload(), absences.reload()])
  }

  watch(org, () => void people.reload(), { immediate: true })
  return { org, text, organisations, posts, absences, people, tree, shown, reload }
}

export type Directory = ReturnType<typeof useDirectory>
