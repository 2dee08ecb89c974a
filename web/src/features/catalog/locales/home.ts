import { defineWords } from '@/shared/locales'

const zh = {
  home: {
    title: '您想办什么事？',
    lead: (items: number, online: number) => `${items} 件事可以在这里办，${online} 件不用跑腿。不用记名称，说清楚遇到的事就行。`,
    leadPlain: '不用记名称，说清楚遇到的事就行。',
    search: '搜索要办的事',
    placeholder: '例如：社保卡丢了、公司欠薪',
    find: '查找',
    often: '常办',
    events: '从遇到的事开始',
    common: '大家常办',
    all: (count: number) => `全部 ${count} 件`,
    noProof: '能查到的，不用您交',
    noProofText: (shared: number) => `这里的事共有 ${shared} 份材料由我们自己查，不再向您要。窗口要您交清单以外的证明，您可以当场拒绝。`,
    noProofLink: '看每件事要交什么',
    stamp: '免证',
    also: '还可以这样',
    ways: {
      calculators: ['算一算', '哪年哪月能退休，填几项就知道'],
      halls: ['到大厅办', '看地址、时间和怎么去'],
      phone: ['打电话 12333', '说“帮我办”，有人接']
    } as Record<'calculators' | 'halls' | 'phone', [string, string]>,
    instant: '当场办结',
    asPublished: '以窗口公布为准',
    noMaterial: '不用交材料',
    asked: (count: number) => `要交 ${count} 份`
  },
  elder: {
    call: '打电话找人办 12333',
    byCode: '凭编号查进度',
    say: '要办别的事，写在这里',
    find: '查找',
    hello: (name: string) => `您好，${name}`,
    helloStranger: '您好',
    needsMe: '有些要您补充，点这里看',
    tiles: {
      cases: ['我办的事', '办到哪一步了'],
      messages: ['消息', '通知和决定'],
      retire: ['退休养老', '哪年退、怎么办'],
      card: ['社保卡', '申领、挂失、补办'],
      all: ['别的事', '还能办什么'],
      account: ['我的账户', '密码、送达方式']
    } as Record<string, [string, string]>
  }
}

/** Words of the home pages, which everybody loads first. */
export const t = defineWords(zh, { en: () => import('./home.en') })
