export default {
  title: 'Messages',
  unread: (count: number) => (count ? `${count} unread` : 'All read'),
  readAll: 'Mark all as read',
  readAllBusy: 'Marking',
  isNew: 'New',
  openCase: 'See the case',
  openNotice: 'See the notice',
  openRoster: 'See the roster',
  more: 'Show more',
  moreBusy: 'Loading',
  empty: 'No messages yet',
  emptyWhat: 'When something happens in one of your cases, you are told here.'
}
