import { defineWords } from '@/shared/locales'

const zh = {
  acts: {
    labels: {
      accept: '受理', pre_pass: '预审通过，收件', review: '提交审查意见', decide: '作出决定', site_check: '记录现场核查', confirm_site_check: '确认核查记录', make: '证照已制好', hand_out: '交给领取人',
      serve_paper: '登记送达另一方', pre_return: '预审退回', correct: '一次性补正', refuse_acceptance: '不予受理', countersign_refusal: '签署或退回', retry: '重新尝试往下办'
    },
    shorts: {
      accept: '受理', pre_pass: '通过', review: '提交', decide: '决定', site_check: '记录', confirm_site_check: '确认', make: '制好', hand_out: '交付',
      serve_paper: '送达', pre_return: '退回', correct: '补正', refuse_acceptance: '不受理', countersign_refusal: '提交', retry: '重试'
    },
    done: {
      accept: '已受理，受理通知书已发出', pre_pass: '预审通过，已收件', review: '审查意见已提交', decide: '决定已作出', site_check: '核查记录已保存，请另一位核查人员确认', confirm_site_check: '核查记录已确认',
      make: '制证完成，已转出件', hand_out: '已送达，送达回证已生成', serve_paper: '已登记送达，送达回证已生成', pre_return: '已退回，申请人可以修改后再提交', correct: '补正告知书已发出',
      refuse_acceptance: '已转督导人员签署', countersign_refusal: '已处理', retry: '已经重新尝试'
    },
    cancel: '取消',
    list: '、',
    comma: '，',
    stale: '载入最新内容，保留我写的'
  },
  accept: {
    title: '受理这件申请？',
    who: '谁的申请',
    told: '申请人收到',
    electronic: '已受理的消息和《受理通知书》，马上发出',
    paper: '《受理通知书》，申请人不用电子送达，要打印送达',
    instant: '已受理的消息；当场办结的事项不发《受理通知书》',
    other: '另一方收到',
    otherTold: '要他答复的通知',
    runs: '开始计时',
    promised: (period: string) => `承诺 ${period}，从今天算起`,
    statutory: { accepted: (period: string) => `法定 ${period}，从今天算起`, received: (period: string) => `法定 ${period}，从材料收齐那天算起` } as Record<'accepted' | 'received', (period: string) => string>,
    doubts: (count: number) => `系统核对有 ${count} 项不一致或者查不到，请先看过。`,
    what: '受理以后不能撤回，也不能再要求补正。',
    busy: '正在受理',
    go: '确认受理'
  },
  countersign: {
    sign: '签署，发出决定',
    sendBack: '退回受理人',
    title: '您的签署',
    answer: '怎样处理',
    noAnswer: '请选择签署或退回',
    why: '为什么退回',
    noWhy: '请写明原因'
  },
  decide: {
    grant: '准予',
    deny: '不予',
    back: '退回审查',
    whyBack: '为什么退回、请审查人核实什么',
    opinion: '决定意见',
    title: '您的决定',
    proposed: (who: string, what: string) => `${who}建议${what}`,
    proposals: { grant: '准予', deny: '不予', return: '退回审查' } as Record<string, string>,
    reviewer: '审查人',
    said: (stage: string) => `${stage}意见：`,
    outcome: '决定',
    noOutcome: '请选择决定',
    noReturn: '已经退回审查过一次。确需再退回的，请督导人员写明原因，把决定任务转交过来。',
    required: '必填',
    noOpinion: '请写明意见',
    agree: '同意审查意见'
  },
  ground: {
    ground: '理由',
    reason: '写进决定书的理由',
    basis: '依据的条款',
    instead: '可以去哪里办、怎么办',
    noReason: '请写明理由',
    noBasis: '请写明依据的条款',
    noInstead: '请写明可以去哪里办、怎么办',
    remedies: '决定书会写明救济途径：',
    remediesText: (organ: string, court: string) => `如不服本决定，可以自收到之日起 60 日内向${organ}申请行政复议，或者自收到之日起 6 个月内向${court}提起行政诉讼。`
  },
  handOut: {
    title: '交给领取人',
    relations: {
      person: { applicant: '本人', agent: '代理人', family: '同住成年家属' },
      enterprise: { enterprise_agent: '单位经办人', legal_representative: '法定代表人', mail_room: '单位收发人员', agent: '代理人' }
    } as Record<string, Record<string, string>>,
    methods: { counter: '窗口领取', mail: '邮寄' },
    badNumber: '请照证件填写 18 位身份证号',
    signer: '签收人姓名',
    receiver: '领取人姓名',
    byMailReceipt: '照邮件回执填写',
    byCard: '照领取人出示的身份证件填写',
    noReceiver: '请填写领取人姓名',
    toServed: '与受送达人的关系',
    toApplicant: '与申请人的关系',
    number: '领取人身份证号',
    onReceipt: '写在送达回证上',
    method: '送达方式',
    receivedOn: '回执上的签收日期',
    receivedOnHint: '必填。收到邮件回执以后再登记；这一天就是送达日期。',
    noDay: '请照回执填写签收日期',
    authorised: '已核对委托书、委托人和代理人的身份证件',
    notAuthorised: '代理人领取要有委托书',
    mailSigned: '已收到邮件回执，签收人姓名和日期与回执一致',
    signed: '已核对领取人身份证件，领取人当面签收',
    notSigned: '请确认后再交出',
    busy: '正在登记',
    enter: '登记送达',
    serve: (role: string, name: string) => `送达${role}：${name}`
  },
  lines: {
    defect: '有什么问题',
    fix: '怎么改',
    materials: '清单里的材料',
    answers: '填写的内容',
    correct: '一次性补正告知',
    preReturn: '预审退回',
    correctLead: '请一次写全要补正的内容。发出后不能再提新的要求，等待补正期间不计入办理时间。',
    returnLead: '请一次写全要修改的内容。这不是拒绝，申请人可以修改后再提交，也可以坚持提交。',
    onlyListed: '只能要求公布清单里的材料和表里的内容，这里没有的不能要求。',
    shared: (names: string) => `${names}由系统共享取得，不能让申请人提交。`,
    noneChosen: '请至少选一项要补正的内容。',
    count: (count: number) => `共 ${count} 项`,
    busy: '正在发出',
    issue: '发出补正告知',
    sendBack: '退回修改',
    noDefect: '请写明问题',
    noFix: '请写明怎么改',
    covered: (source: string) => `已由${source}代替，不能要求提交`,
    isShared: '由系统共享取得，不能要求提交'
  },
  reassign: {
    done: '已转交',
    title: '转交给同事',
    to: '转给谁',
    hint: '只列出有相应岗位、不需要回避、现在在岗的同事。',
    noColleague: '请选择同事',
    open: (count: number) => `在办 ${count} 件`,
    none: '现在没有可以接手的同事。',
    why: '为什么转交',
    noWhy: '请写明原因',
    busy: '正在转交',
    go: '转交'
  },
  refusal: {
    notRequired: '拟告知不需要办理',
    notAccepted: '拟不予受理',
    waits: '等督导人员签署',
    reason: '理由',
    basis: '依据',
    instead: '去处',
    by: '受理人'
  },
  refuse: {
    kinds: {
      not_accepted: { label: '不予受理', hint: '不属于本机关职权，或者不符合受理条件' },
      not_required: { label: '依法不需要办理', hint: '不用办这件事就能达到目的' }
    },
    title: '不予受理',
    what: '决定书要写明理由、依据和去处，由督导人员签署后发出。签署之前受理期限照常计算，逾期视为受理。',
    kind: '哪一种',
    busy: '正在提交',
    go: '提交签署'
  },
  review: {
    grant: '建议准予',
    deny: '建议不予',
    doubts: (count: number) => `需要您核实下面 ${count} 项是否成立`,
    title: '您的审查意见',
    differs: '（现在不一致）',
    notFound: '（现在查不到）',
    proposal: '审查结论',
    noProposal: '请选择结论',
    basis: '依据',
    basisHint: '必填。写明法律法规的名称和条款，例如社会保险法第四十五条。',
    noBasis: '请写明依据的条款',
    usual: '常用：',
    opinion: '审查意见',
    opinionHint: '必填。写给决定人看：核实了什么，怎么核实的，结论是什么。',
    noOpinion: '请写审查意见',
    draft: '照核对结果起草',
    grounds: '备好的理由：'
  },
  site: {
    confirm: '请您确认核查记录',
    present: '我到现场核查过，记录属实',
    notPresent: '到过现场、记录属实的才能确认，请先打勾',
    late: '核查时间不能晚于现在',
    noDay: '请选日期',
    noTime: '请填时间',
    title: '记录现场核查',
    what: '现场核查要有两名以上工作人员。您记录之后，请同去的同事登录确认。',
    place: '核查地点',
    suggested: '照申请内容填好了，核查的是别处请改。',
    noPlace: '请写核查地点',
    day: '日期',
    time: '时间',
    facts: '看到的情况',
    factsHint: '只写事实：面积、设施、人员、与材料是否一致。',
    noFacts: '请写看到的情况',
    busy: '正在保存',
    go: '保存记录',
    note: '现场核查记录',
    confirmed: '已由两人确认',
    waits: '等另一位核查人员确认'
  },
  unmask: {
    name: '姓名',
    number: '证件号码',
    mobile: '手机号',
    noMobile: '没有登记',
    title: '查看完整信息',
    what: '每次查看都会记入审计日志，包括您写的原因。关闭后重新隐藏。',
    why: '为什么要看',
    noWhy: '请写明原因',
    close: '关闭',
    busy: '正在取',
    go: '查看'
  }
}

/** Words of the acts on a case. */
export const t = defineWords(zh, { en: () => import('./acts.en') })
