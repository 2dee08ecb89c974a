import { describe, expect, it } from 'vitest'
import type { LifeEvent } from '@/shared/api'
import { partsFor, questionsFor, waitsForAnswer } from './answers'

const words = (zh: string) => ({ zh, en: zh })
const event = {
  id: 'unemployed', title: words('没了工作'), lead: words(''), glyph: 'umbrella', applicant: 'person',
  questions: [
    { id: 'left', text: words('怎么没的'), options: [] },
    { id: 'paid', text: words('交满一年吗'), when: 'left = "against"', options: [] }
  ],
  parts: [
    { title: words('登记'), text: words(''), items: ['JY-009'] },
    { title: words('领钱'), text: words(''), when: 'left = "against" and paid != "less"', items: ['SB-084'] },
    { title: words('领不了'), text: words(''), when: 'left = "quit" or paid = "less"', items: [] }
  ]
} as unknown as LifeEvent
const parts = (answers: Record<string, string>) => partsFor(event, answers).map((part) => part.title.zh)
const questions = (answers: Record<string, string>) => questionsFor(event, answers).map((question) => question.id)

describe('a life event', () => {
  it('leaves nothing out before anything is answered', () => {
    expect(parts({})).toEqual(['登记', '领钱', '领不了'])
    expect(questions({})).toEqual(['left'])
  })

  it('narrows with each answer', () => {
    expect(questions({ left: 'against' })).toEqual(['left', 'paid'])
    expect([{}, { left: 'against' }, { left: 'quit' }, { left: 'against', paid: 'less' }].map((answers) => waitsForAnswer(event, answers as Record<string, string>))).toEqual([false, true, false, false])
    expect(parts({ left: 'against' })).toEqual(['登记'])
    expect(parts({ left: 'against', paid: 'year' })).toEqual(['登记', '领钱'])
    expect(parts({ left: 'quit' })).toEqual(['登记', '领不了'])
  })
})
