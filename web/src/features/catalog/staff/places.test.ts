import { afterEach, describe, expect, it } from 'vitest'
import type { SaidAt } from '@/shared/api'
import { setLang } from '@/shared/locales'
import { inWords, isTechnical, labelOf, labelsIn } from './places'
import { partsOf } from './standards'

const said = (place: string, ...texts: string[]): SaidAt => ({ place, texts })
const rows = [
  said('applicants', 'person', 'enterprise'), said('court.en', 'District Court'), said('court.zh', '区人民法院'), said('flow[review]', 'userTask name=审查'),
  said('form.fields.reason.label.zh', '离职原因'), said('form.fields.reason.label.en', 'Reason'), said('form.fields.reason.options', 'quit; 自己辞的 / I resigned; 说明 / more', 'end; 到期 / Ended'),
  said('form.fields.day.label.zh', '离职日期'), said('form.fields.day.visible', 'reason != "quit" and reason in ["end"]'), said('form.fields.day.widget', 'date'), said('form.fields.day.required', 'true'),
  said('form.fields.day.prefill', 'employment.day'), said('form.layout', '情况 / About; reason, day'),
  said('limits.promised.n', '7'), said('limits.promised.unit', 'wd'), said('limits.start', 'received'),
  said('materials[m1].id', 'm1'), said('materials[m1].name.zh', '离职证明'), said('materials[m2].source', 'shared'), said('registers', 'population', 'enterprise')
]

/** Everything in words, as `part: label: texts`. */
function told(): string[] {
  const labels = labelsIn(rows)
  return partsOf(rows.filter(({ place }) => !isTechnical(place)), []).flatMap(({ part, rows: all }) => inWords(part, all, labels).map(({ label, texts }) => [part, label, ...texts.map(({ text }) => text)].join(': ')))
}

afterEach(() => setLang('zh-CN'))

describe('the implementation list in words', () => {
  it('has no codes and no names of fields', () => {
    expect(told()).toEqual([
      'applicants: : 个人: 单位', 'court: 中文: 区人民法院', 'court: 英文: District Court',
      'form: 离职日期，名称: 离职日期', 'form: 离职日期，必须: 是', 'form: 离职日期，什么时候出现: 离职原因 不是 “自己辞的”，并且 离职原因 是其中一种 [“到期”]', 'form: 离职日期，填写方式: 日期',
      'form: 离职原因，名称: 离职原因', 'form: 离职原因，名称（英文）: Reason', 'form: 离职原因，可选内容: 自己辞的 / I resigned; 说明 / more: 到期 / Ended',
      'form: 分组和顺序: 情况 / About; 离职原因、离职日期',
      'limits: 承诺期限: 7 个工作日', 'limits: 法定期限从哪天算起: 材料收齐',
      'materials: 第 1 项，名称: 离职证明', 'materials: 第 2 项，来源: 共享，不用交', 'registers: : 公安人口库: 市场主体登记库'
    ])
  })

  it('leaves to technicians what only they read', () => {
    expect(rows.filter(({ place }) => isTechnical(place)).map(({ place }) => place)).toEqual(['flow[review]', 'form.fields.day.prefill', 'materials[m1].id'])
  })

  it('is in the language of the page, and its texts keep their own', async () => {
    await setLang('en')
    expect(told()).toContain('limits: Promised time: 7 working days')
    expect(told()).toContain('form: Reason, Label: 离职原因')
    expect(inWords('court', rows.filter(({ place }) => place.startsWith('court')), new Map()).map(({ texts }) => texts[0]?.lang)).toEqual(['zh-CN', 'en'])
  })

  it('names a place that two editions differ in', () => {
    expect(labelOf('materials', 'materials[m1].standard.en', new Map())).toBe('m1，合格标准（英文）')
    expect(labelOf('form', 'form.fields.reason.hint.zh', labelsIn(rows))).toBe('离职原因，填写提示')
  })
})
