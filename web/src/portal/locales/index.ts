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
  signIn: '登录',
  accountOf: (name: string) => `${name}，我的账户`,
  unread: (count: number) => `${count} 条未读`,
  offline: '网络断了。您填的内容还在，连上网以后会接着保存。',
  footHours: '服务热线 12333，工作日 9:00–17:00 人工服务',
  footProgress: '凭编号查进度',
  footAccessibility: '无障碍说明'
}

export const t = defineWords(zh)
