export default {
  ratings: {
    levels: { 1: '非常不满意', 2: '不满意', 3: '基本满意', 4: '满意', 5: '非常满意' } as Record<number, string>,
    title: '群众评价',
    note: '评价自愿，没有评的不算好评；这里看不到是谁评的，也不按天列出，以免从日期猜到人。',
    sum: '上月和本月',
    clear: '清除筛选',
    months: (from: string, to: string) => (from === to ? from : `${from}至 ${to}`),
    rated: '件有评价',
    closed: (count: string, share: string) => `办结 ${count} 件${share}`,
    share: (percent: string) => `，评价率 ${percent}%`,
    each: '每一条',
    none: '还没有评价',
    wait: '有人评价后会出现在这里。',
    more: '再看一些'
  }
}
