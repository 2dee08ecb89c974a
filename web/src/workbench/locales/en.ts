export default {
  shell: {
    skip: 'Skip to the main content',
    down: 'Live updates have broken off and are being taken up again. Until then pages are updated every minute.',
    side: 'Side bar',
    brand: 'Workbench',
    nav: 'Main navigation',
    over: (count: string) => `${count} over`
  },
  welcome: {
    hello: (name: string) => `Welcome, ${name}`,
    refused: (page: string) => `“${page}” is not within your posts`,
    ask: 'If your work needs it, please ask the staff administrator of your agency.',
    noPost: 'You have no post yet',
    noPostWhat: 'Please ask the staff administrator of your agency for one, then sign in again.'
  },
  missing: {
    title: 'There is no such page',
    why: 'The address is wrong, or the page has moved',
    home: 'Back to the first page'
  },
  alerts: {
    overdue: 'Over the promised limit',
    today: 'Due today',
    waiting: 'In correction',
    label: (lines: string) => `Alerts: ${lines}`,
    comma: ', ',
    none: 'nothing new',
    nothing: 'Nothing needs a look now'
  },
  keys: {
    everywhere: 'Everywhere',
    table: 'Show this table',
    close: 'Close a dialog',
    down: 'Next row',
    up: 'Previous row',
    open: 'Open',
    claim: 'Claim',
    pick: 'Choose this row',
    filter: 'Filter the list; Enter goes back to it',
    tabs: 'Change the tab',
    main: 'Main act: accept, review, decide',
    correct: 'Ask for correction',
    refuse: 'Refuse acceptance',
    preReview: 'Pre-review: pass, return',
    neighbours: 'Next case, previous case',
    step: 'Finish this step',
    next: 'Next person',
    title: 'Keyboard shortcuts'
  },
  top: {
    menu: 'Open the navigation',
    all: 'All cases',
    hint: 'Case number or name'
  },
  who: {
    noPost: 'No post',
    list: ', ',
    deputyFor: (names: string) => `Deputy for ${names}`,
    signOut: 'Sign out'
  },
  pages: {
    site: 'HRSS workbench',
    signIn: 'Sign in',
    welcome: 'Welcome',
    tasks: 'Inbox',
    search: 'Search cases',
    cases: 'List of cases',
    case: 'Case',
    notice: 'Notice',
    counter: 'Counter',
    delivery: 'Delivery',
    passwordResets: 'Password resets',
    account: 'My account',
    dashboard: 'Figures',
    ratings: 'Ratings',
    staff: 'Staff and posts',
    standards: 'Standards of items',
    jobs: 'Jobs',
    audit: 'Audit',
    outbox: 'Outbox',
    missing: 'No such page'
  },
  groups: {
    cases: 'Cases',
    oversight: 'Oversight',
    administration: 'Administration',
    demo: 'Demo'
  }
}
