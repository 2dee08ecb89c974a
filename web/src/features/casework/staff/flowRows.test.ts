import { describe, expect, it } from 'vitest'
import type { StaffCase } from '@/shared/api'
import { flowRows } from './flowRows'

const zh = (text: string) => ({ zh: text, en: '' })
const xml = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:yici="https://yici.example/bpmn" id="d"><bpmn:process id="p" name="许可">
  <bpmn:startEvent id="start" name="收到申请" />
  <bpmn:userTask id="review" name="审查" yici:stage="review" />
  <bpmn:userTask id="site_check" name="现场核查" yici:stage="site_check" />
  <bpmn:exclusiveGateway id="decided" name="怎样？" />
  <bpmn:serviceTask id="grant" name="出具准予决定书" yici:service="issue_result" />
  <bpmn:serviceTask id="deny" name="出具不予决定书" yici:service="issue_result" />
  <bpmn:endEvent id="end" name="已送达" />
  <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="review" /><bpmn:sequenceFlow id="f2" sourceRef="review" targetRef="site_check" />
  <bpmn:sequenceFlow id="f3" sourceRef="site_check" targetRef="decided" /><bpmn:sequenceFlow id="f4" sourceRef="decided" targetRef="grant" />
  <bpmn:sequenceFlow id="f5" sourceRef="decided" targetRef="deny" /><bpmn:sequenceFlow id="f6" sourceRef="grant" targetRef="end" />
</bpmn:process></bpmn:definitions>`
const at = (done: string[], now: string[], text = xml) => ({
  flow: { xml: text, done, now }, received_at: '2026-11-02T01:00:00Z', steps: [{ name: zh('提交'), state: 'done' }, { name: zh('受理'), state: 'now' }],
  timeline: [{ at: '2026-11-04T01:00:00Z', kind: 'case.step_done', title: zh('审查完成') }, { at: '2026-11-03T01:00:00Z', kind: 'case.accepted', title: zh('已受理') }]
}) as unknown as StaffCase
const states = (shown: StaffCase) => flowRows(shown).map((row) => `${row.name} ${row.state}`)

describe('the list below the drawing of a flow', () => {
  it('stands where the drawing stands', () => {
    expect(states(at(['start', 'review'], ['site_check']))).toEqual(['收到申请 done', '审查 done', '现场核查 now', '出具准予决定书 todo', '出具不予决定书 todo'])
  })

  it('tells when a box was done', () => {
    expect(flowRows(at(['start', 'review'], ['site_check'])).map((row) => row.at?.slice(8, 10))).toEqual(['02', '04', undefined, undefined, undefined])
  })

  it('passes by what can no longer come, and says how it ended', () => {
    expect(states(at(['start', 'review', 'site_check', 'decided', 'grant', 'end'], [])).slice(2)).toEqual(['现场核查 done', '出具准予决定书 done', '出具不予决定书 never', '已送达 done'])
  })

  it('has everything before it while nothing has begun', () => {
    expect(states(at([], []))[1]).toBe('审查 todo')
  })

  it('falls back on the public steps where the model cannot be read', () => {
    expect(states(at([], [], ''))).toEqual(['提交 done', '受理 now'])
  })
})
