import { plural } from '@/shared/locales/plural'

export default {
  home: {
    title: 'What would you like to do?',
    lead: (items: number, online: number) => `${items} services, ${online} of them without a visit. You need not know the name: just say what happened.`,
    leadPlain: 'You need not know the name: just say what happened.',
    search: 'Search for a service',
    placeholder: 'Lost card, unpaid wages',
    find: 'Search',
    often: 'Often used',
    events: 'Start from what happened',
    common: 'Most people come for',
    all: (count: number) => `All ${count}`,
    noProof: 'What we can look up, you need not bring',
    noProofText: (shared: number) => `${plural(shared, 'paper')} of the services here are looked up by us and no longer asked of you. If a window asks for a proof that is not on the list, you may refuse at once.`,
    noProofLink: 'See what each service asks for',
    stamp: 'WAIVED',
    also: 'Other ways',
    ways: {
      calculators: ['Calculators', 'See in a minute when you may retire'],
      halls: ['Visit a hall', 'Addresses, hours and how to get there'],
      phone: ['Call 12333', 'Somebody will help you apply']
    },
    instant: 'At once',
    asPublished: 'As the window publishes',
    noMaterial: 'No papers',
    asked: (count: number) => plural(count, 'paper')
  },
  elder: {
    call: 'Call 12333 for help',
    byCode: 'Check progress by number',
    say: 'Something else? Write it here',
    find: 'Search',
    hello: (name: string) => `Hello, ${name}`,
    helloStranger: 'Hello',
    needsMe: 'Something is needed from you. See here.',
    tiles: {
      cases: ['My cases', 'Progress'],
      messages: ['Messages', 'Notices'],
      retire: ['Retiring', 'When and how'],
      card: ['Social card', 'New, lost, again'],
      all: ['More', 'All services'],
      account: ['My account', 'Password']
    } as Record<string, [string, string]>
  }
}
