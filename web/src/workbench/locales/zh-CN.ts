export default {
  shell: {
    skip: '跳到主要内容',
    down: '实时更新断开了，正在重新连接。这期间页面每分钟更新一次。',
    side: '侧栏',
    brand: '经办工作台',
    nav: '主导航',
    over: (count: string) => `超 ${count}`
  },
  welcome: {
    hello: (name: string) => `${name}，您好`,
    refused: (page: string) => `“${page}”不在您的岗位权限内`,
    ask: '如果工作需要，请联系本单位人员管理员。',
    noPost: '您还没有可以使用的岗位',
    noPostWhat: '请联系本单位人员管理员安排岗位，安排后重新登录就能看到页面。'
  },
  missing: {
    title: '没有这个页面',
    why: '地址不对，或者页面已经移走',
    home: '回到首页'
  },
  alerts: {
    overdue: '超过承诺时限',
    today: '今天到期',
    waiting: '等申请人补正',
    label: (lines: string) => `提醒：${lines}`,
    comma: '，',
    none: '没有新的',
    nothing: '没有要提醒的事'
  },
  keys: {
    everywhere: '到处可用',
    table: '显示这张表',
    close: '关闭弹窗',
    down: '下一行',
    up: '上一行',
    open: '打开',
    claim: '领取',
    pick: '选中这一行',
    filter: '在列表里筛选，Enter 回到列表',
    tabs: '换页签',
    main: '主要操作：受理、提交意见、决定',
    correct: '一次性补正',
    refuse: '不予受理',
    preReview: '预审通过、预审退回',
    neighbours: '下一件、上一件',
    step: '完成这一步',
    next: '下一位',
    title: '键盘快捷键'
  },
  top: {
    menu: '打开导航',
    all: '全部办件',
    hint: '办件编号、姓名、证件号'
  },
  who: {
    noPost: '没有岗位',
    list: '、',
    deputyFor: (names: string) => `代 ${names} 值岗`,
    signOut: '退出登录'
  },
  pages: {
    site: '人社经办工作台',
    signIn: '登录',
    welcome: '欢迎',
    tasks: '待办案件',
    search: '查找办件',
    cases: '办件清单',
    case: '办件',
    notice: '文书',
    counter: '一窗受理',
    delivery: '出件送达',
    passwordResets: '重设群众密码',
    account: '我的账号',
    dashboard: '运行数据',
    ratings: '群众评价',
    staff: '人员岗位',
    standards: '事项标准',
    jobs: '后台任务',
    audit: '安全审计',
    outbox: '外发箱',
    missing: '没有这个页面'
  },
  groups: {
    cases: '办件',
    oversight: '监督',
    administration: '管理',
    demo: '演示'
  }
}
