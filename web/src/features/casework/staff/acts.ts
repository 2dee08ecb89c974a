import { t } from './locales/acts'

/** What a staff member may do with a case, in the order of the action bar. */
export type ActName =
  | 'pre_pass' | 'accept' | 'review' | 'decide' | 'site_check' | 'confirm_site_check' | 'make' | 'hand_out'
  | 'serve_paper' | 'pre_return' | 'correct' | 'refuse_acceptance' | 'countersign_refusal' | 'retry'

export interface Act {
  name: ActName
  label: string
  /** A word beside its key. */
  short: string
  /** Last part of `/cases/{id}/…`. */
  path: string
  tone: 'p' | 's' | 'd'
  /** `now`: one press; `dialog`: asks first; `panel`: a form on the first tab. */
  how: 'now' | 'dialog' | 'panel'
  key?: string
  done: string
}

type Bare = Omit<Act, 'label' | 'short' | 'done'>
const BARE: Bare[] = [
  { name: 'accept', path: 'accept', tone: 'p', how: 'dialog', key: 'alt+a' },
  { name: 'pre_pass', path: 'pre-pass', tone: 's', how: 'now', key: 'alt+p' },
  { name: 'review', path: 'review', tone: 'p', how: 'panel', key: 'alt+a' },
  { name: 'decide', path: 'decide', tone: 'p', how: 'panel', key: 'alt+a' },
  { name: 'site_check', path: 'site-check', tone: 'p', how: 'dialog', key: 'alt+a' },
  { name: 'confirm_site_check', path: 'site-check/confirm', tone: 'p', how: 'panel', key: 'alt+a' },
  { name: 'make', path: 'make', tone: 'p', how: 'now', key: 'alt+a' },
  { name: 'hand_out', path: 'hand-out', tone: 'p', how: 'dialog', key: 'alt+a' },
  { name: 'serve_paper', path: 'notices', tone: 'p', how: 'dialog' },
  { name: 'pre_return', path: 'pre-return', tone: 's', how: 'dialog', key: 'alt+t' },
  { name: 'correct', path: 'correct', tone: 's', how: 'dialog', key: 'alt+b' },
  { name: 'refuse_acceptance', path: 'refuse-acceptance', tone: 'd', how: 'dialog', key: 'alt+r' },
  { name: 'countersign_refusal', path: 'countersign-refusal', tone: 'p', how: 'panel', key: 'alt+a' },
  { name: 'retry', path: 'retry', tone: 'p', how: 'now', key: 'alt+a' }
]

/** An act with its words, which are those of the language at the time they are read. */
function worded(act: Bare): Act {
  return {
    ...act,
    get label() { return t.acts.labels[act.name] },
    get short() { return t.acts.shorts[act.name] },
    get done() { return t.acts.done[act.name] }
  }
}

const ACTS = BARE.map(worded)

/** The acts behind the names that the server allows; names that mean nothing here are left out. */
export function actsOf(next: readonly string[]): Act[] {
  const allowed = new Set(next.map(normalName))
  return ACTS.filter((act) => allowed.has(act.name))
}

/** One act by its name. */
export function actNamed(name: string): Act | undefined {
  return ACTS.find((act) => act.name === normalName(name))
}

function normalName(name: string): string {
  const plain = name.replaceAll('-', '_').replaceAll('/', '_')
  return plain === 'site_check_confirm' ? 'confirm_site_check' : plain
}

/** `Alt A` of `alt+a`. */
export function keyLabel(key: string): string {
  return key.split('+').map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join(' ')
}
