import { defineWords } from '@/shared/locales'

const zh = {
  comma: '，',
  list: '、',
  chinese: '中文',
  english: (name: string) => (name ? `${name}（英文）` : '英文'),
  condition: { '=': '是', '!=': '不是', '<': '小于', '>': '大于', '<=': '不超过', '>=': '不少于', not: '不是这样：', in: '是其中一种', and: '，并且', or: '，或者', null: '空的', quote: (name: string) => `“${name}”` },
  nth: (at: number) => `第 ${at} 项`,
  yes: '是',
  no: '否',
  keys: {
    act: '用在', acceptance: '受理期限', basis: '依据', calculator: '计算器', checks: '核对', columns: '列', correction: '补正期限', delivery: '送达期限', error: '填错时的提示', fault: '有什么问题', field: '看哪一项',
    files_max: '最多几个文件', guide: '填表说明', hint: '填写提示', inputs: '输入', instead: '可以去哪里办', label: '名称', layout: '分组和顺序', locked: '查到的不用填', mark: '文号简称', maximum: '最大', mend: '怎么改',
    name: '名称', needed_when: '什么时候要交', next: '办好以后', options: '可选内容', paper: '给纸质文书', past: '不能晚于今天', pre_review: '预审期限', prefill: '自动填上', private: '只给工作人员看', promise_allowed: '可以书面承诺代替',
    promised: '承诺期限', proves: '证明身份', reason: '理由', register: '从哪里查', required: '必须', rows: '最多人数', sensitive: '敏感信息', shown: '名单上显示', source: '来源', standard: '合格标准', start: '法定期限从哪天算起',
    statutory: '法定期限', statutory_basis: '法定期限的依据', unique: '不能重复', unit: '单位', valid_months: '有效期（月）', visible: '什么时候出现', widget: '填写方式'
  } as Record<string, string>,
  values: {
    kind: { instant: '即办件', promised: '承诺件' },
    general: { instant: '即办件', promised: '承诺件', licence: '许可', twice_reviewed: '两次审查' },
    start: { accepted: '受理', received: '材料收齐' },
    act: { denied: '不予批准', not_accepted: '不予受理', not_required: '不需要办理' },
    risk: { L: '低', M: '中', H: '高' },
    item_type: { '01': '行政许可', '05': '行政给付', '06': '行政检查', '07': '行政确认', '08': '行政奖励', '09': '行政裁决', 10: '其他行政权力', 20: '公共服务' },
    depth: { 1: '一级', 2: '二级', 3: '三级', 4: '四级（全程网办）' },
    widget: {
      text: '一行文字', textarea: '几行文字', number: '数字', money: '金额', date: '日期', month: '年和月', choice: '选一个', select: '从列表里选', checkbox: '打勾', phone: '手机号', citizen_no: '身份证号', credit_code: '统一社会信用代码',
      bank_account: '银行账号', list: '几行'
    }
  } as Record<string, Record<string, string>>,
  /** Codes that stand in several places, or within a longer text. */
  codes: {
    person: '个人', enterprise: '单位', wd: '工作日', cd: '天', mon: '月', applicant: '申请人自备', shared: '共享，不用交', government: '政府核发', population: '公安人口库', insurance: '社保参保库', employment: '就业信息库', benefit: '社保待遇库',
    card: '社会保障卡库', pension: '企业职工养老保险库', injury: '工伤保险库', family: '户籍关系和死亡登记库', venture: '创业扶持信息库', licence: '人社许可信息库'
  } as Record<string, string>,
  /** Where a register and an applicant have the same name. */
  registers: { enterprise: '市场主体登记库' } as Record<string, string>,
  technical: (count: number) => `给技术人员看的内容（${count} 条）`
}

/** Words for the places of an edition and for the codes that stand there. */
export const p = defineWords(zh, { en: () => import('./places.en') })
