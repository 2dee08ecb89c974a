export default {
  title: '消息',
  unread: (count: number) => (count ? `${count} 条没看` : '都看过了'),
  readAll: '全部标为看过',
  readAllBusy: '正在标记',
  isNew: '没看',
  openCase: '看这件事',
  openNotice: '看文书',
  openRoster: '看名册',
  more: '再看一些',
  moreBusy: '正在取',
  empty: '还没有消息',
  emptyWhat: '办事有了进展，会在这里告诉您。'
}
