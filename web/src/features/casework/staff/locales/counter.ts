import { defineWords } from '@/shared/locales'

const zh = {
  aside: {
    label: '事项说明',
    promise: '承诺',
    instant: '当场办结',
    statutory: '按法定时限',
    law: (period: string) => `法定 ${period}`,
    fee: '收费',
    noFee: '不收费',
    materials: '材料',
    asked: (asked: number, shared: number) => `${asked} 份要交，${shared} 份免交`,
    conditions: '受理条件'
  },
  fill: {
    known: '已经查到的',
    ask: '要问申请人的',
    toPapers: '下一步，收材料',
    toRead: '下一步，复述核对',
    nothing: '没有可以预填的内容。',
    from: (sources: string, time: string) => `${sources}，${time} 取得。不对的，请联系数据来源单位更正，不影响收件。`,
    list: '、'
  },
  steps: {
    names: { item: '选事项', party: '核身份', fill: '填表', papers: '收材料', read: '复述核对', done: '收件' },
    nextPlease: '请下一位',
    label: '受理步骤',
    noPapers: '不用收材料',
    back: (step: string) => `${step}，已完成，回到这一步`
  },
  done: {
    received: '已收件',
    granted: '办好了',
    collect: '请把收件凭证交给申请人，结果到出件室签收领取',
    caseNo: '办件编号',
    code: '查询码',
    receipt: '打印收件凭证（带查询码）',
    print: (notice: string) => `打印${notice}`,
    accept: '当场受理',
    see: '看办件',
    next: '下一位'
  },
  item: {
    title: '办什么事',
    find: '按名称、编码或说法查找事项',
    hint: '说出来的词就行，例如：失业金',
    none: '没有找到这件事',
    other: '换个说法试试；不属于人社的事，请告诉群众去哪里办。',
    near: (text: string) => `没有正好叫“${text}”的事项，接近的有：`,
    items: '事项',
    promised: (period: string) => `承诺 ${period}`,
    person: '个人',
    enterprise: '单位',
    asked: (count: number) => `要交 ${count} 份`
  },
  drafts: {
    title: '还没收件的',
    what: '七天没有动就不再保留',
    goOnOf: (name: string, item: string) => `接着办：${name} ${item}`,
    goOn: '接着办'
  },
  papers: {
    title: '收材料',
    what: '扫描或选择文件，JPG、PNG、PDF',
    covered: '免交',
    asked: '要交',
    free: '可以不交',
    by: (source: string) => `已由${source}代替，不用交`,
    promise: '申请人选择书面承诺代替',
    unscanned: '还没有查毒',
    forwardOf: (name: string) => `往前移：${name}`,
    forward: '往前移',
    removeOf: (name: string) => `删除 ${name}`,
    remove: '删除',
    infected: (name: string) => `${name} 带病毒，已经删除，请重新扫描`,
    scanOf: (name: string) => `扫描或选择：${name}`,
    scan: '扫描或选择',
    none: '这件事不用收材料，要核对的系统已经查到。',
    closed: '清单就这些。清单以外的材料不能要求，系统里也没有地方要。',
    missing: (name: string) => `还没有收到${name}`,
    sending: (name: string) => `${name}的文件还没有传完`,
    readFirst: '请逐项读给申请人听，确认后打勾'
  },
  party: {
    person: '个人',
    enterprise: '单位',
    title: '谁来办',
    what: '没有账号、没有手机也能办',
    kind: '以什么身份',
    name: '姓名',
    nameHint: '光标在这里，可以刷身份证',
    number: '身份证号',
    numberHint: '照证件填写，18 位',
    credit: '统一社会信用代码',
    creditHint: '营业执照上 18 位；名称和法定代表人会自动查到',
    agentOn: '由别人代办',
    employerAgent: '单位来办事的人',
    agent: '代办的人',
    busy: '正在核对并取数据',
    go: '核对身份，取已有数据',
    noName: '请填写姓名',
    badCredit: '统一社会信用代码不对，请核对',
    noCredit: '请填写统一社会信用代码',
    noNumber: '请填写身份证号',
    length: '身份证号应为 18 位',
    check: '身份证号校验位不对，请对照证件再看一遍'
  },
  read: {
    covered: '免交',
    files: (count: number) => `${count} 个文件`,
    promised: '书面承诺',
    paper: (name: string, how: string) => `${name}（${how}）`,
    title: '读给申请人听',
    what: '一项一项读，听到“对”再往下',
    say: (name: string) => `${name}，您申请的是`,
    stop: '。',
    hidden: '带 * 的几位系统不显示，请照申请人出示的证件念。',
    papers: (papers: string) => `材料：${papers}`,
    none: '不用交',
    change: '改填写的内容',
    changePapers: '改材料',
    done: '已逐项读给申请人听，申请人确认无误，并已说明承诺内容',
    electronic: '申请人同意电子送达',
    electronicHint: '没有手机或不愿意的不勾：窗口打印带查询码的收件凭证，结果由申请人到出件室签收领取。',
    busy: '正在收件',
    go: '收件'
  },
  counter: {
    agent: (name: string) => `经办人 ${name}`,
    title: '一窗受理',
    unfinished: '这位还没有收件',
    unfinishedWhat: '继续的话，已填的内容和收的材料都不保留。',
    leave: '不保留，继续'
  }
}

/** Words of the counter. */
export const t = defineWords(zh, { en: () => import('./counter.en') })
