import { defineWords } from '@/shared/locales'

const zh = {
  brand: '云川人社',
  brandTail: '公共服务',
  bureau: '云川市人力资源和社会保障局',
  siteName: '云川人社公共服务',
  skip: '跳到主要内容',
  hotline: '12333',
  callHotline: '拨打 12333',
  elderOn: '长辈版',
  elderOff: '返回标准版',
  mainNav: '主导航',
  footNav: '底部导航',
  footLinks: '更多',
  nav: { home: '首页', items: '办事', cases: '我的办件', messages: '消息', account: '我的' },
  titles: {
    home: '首页',
    items: '办事',
    life: '遇到的事',
    halls: '服务大厅',
    guide: '办事指南',
    calculators: '算一算',
    apply: '填写申请',
    cases: '我的办件',
    rosters: '名册',
    case: '办件',
    submitted: '提交好了',
    notice: '文书',
    other: '请我说明的',
    rate: '评价',
    progress: '凭编号查进度',
    messages: '消息',
    account: '我的账户',
    agents: '单位经办人',
    signIn: '登录',
    signUp: '注册',
    accessibility: '无障碍说明',
    missing: '没有这个页面'
  },
  signIn: '登录',
  account: '，我的账户',
  unread: (count: number) => `${count} 条未读`,
  offline: '网络断了。您填的内容还在，连上网以后会接着保存。',
  footHours: '服务热线 12333，工作日 9:00–17:00 人工服务'
}

export const t = defineWords(zh, { en: () => import('./index.en') })
