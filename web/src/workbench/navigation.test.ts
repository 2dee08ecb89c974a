import { describe, expect, it } from 'vitest'
import { navigationFor, startPage } from './navigation'

const pages = (permissions: string[], demo = false) => navigationFor(permissions, demo).flatMap((group) => group.entries.map((entry) => entry.to))

describe('side bar', () => {
  it('shows a window clerk the inbox, the list of cases and the counter only', () => {
    expect(pages(['case.accept', 'case.view'])).toEqual(['/tasks', '/cases', '/counter'])
  })

  it('shows who may reset passwords of citizens the page for it', () => {
    expect(pages(['case.accept', 'case.view', 'account.reset'])).toEqual(['/tasks', '/cases', '/counter', '/password-resets'])
  })

  it('shows a leader the cases, figures and ratings', () => {
    expect(pages(['insight.view', 'rating.view', 'case.view'])).toEqual(['/tasks', '/cases', '/dashboard', '/ratings'])
  })

  it('leads the delivery desk to its tasks and results without the right to look at every case', () => {
    expect(pages(['case.deliver'])).toEqual(['/tasks', '/delivery'])
  })

  it('shows who reviews or publishes standards the items', () => {
    expect(pages(['item.review'])).toEqual(['/items'])
    expect(pages(['item.publish'])).toEqual(['/items'])
  })

  it('shows an auditor no case', () => {
    expect(pages(['audit.view'])).toEqual(['/audit'])
  })

  it('has the demo outbox in a demo city only', () => {
    expect(pages([])).toEqual([])
    expect(pages([], true)).toEqual(['/outbox'])
  })

  it('starts on the first page that the caller may use', () => {
    expect(startPage(['staff.manage'])).toBe('/staff')
    expect(startPage([])).toBe('/welcome')
    expect(startPage(['case.view', 'case.supervise', 'insight.view'])).toBe('/tasks')
  })

  it('starts a leader, who has no tasks, with the figures', () => {
    expect(startPage(['insight.view', 'rating.view', 'case.view'])).toBe('/dashboard')
  })
})
