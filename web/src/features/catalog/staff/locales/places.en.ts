export default {
  comma: ', ',
  list: ', ',
  chinese: 'Chinese',
  english: (name: string) => (name ? `${name} (English)` : 'English'),
  condition: { '=': 'is', '!=': 'is not', '<': 'is less than', '>': 'is more than', '<=': 'is at most', '>=': 'is at least', not: 'not', in: 'is one of', and: 'and', or: 'or', null: 'empty', quote: (name: string) => `“${name}”` },
  nth: (at: number) => `No. ${at}`,
  yes: 'Yes',
  no: 'No',
  keys: {
    act: 'Used to', acceptance: 'Time to accept', basis: 'Basis', calculator: 'Calculator', checks: 'Check', columns: 'Columns', correction: 'Time to correct', delivery: 'Time to deliver', error: 'Words for a fault', fault: 'What is wrong', field: 'Field to look at',
    files_max: 'Files at most', guide: 'How to fill it in', hint: 'Hint', inputs: 'Inputs', instead: 'Where to go instead', label: 'Label', layout: 'Groups and order', locked: 'Not asked when known', mark: 'Mark in numbers', maximum: 'At most', mend: 'How to mend it',
    name: 'Name', needed_when: 'Needed when', next: 'What follows', options: 'Choices', paper: 'Handed out on paper', past: 'Not later than today', pre_review: 'Time for the pre-review', prefill: 'Filled in from', private: 'For staff alone', promise_allowed: 'A promise may stand in',
    promised: 'Promised time', proves: 'Proves the identity', reason: 'Reason', register: 'Looked up in', required: 'Required', rows: 'People at most', sensitive: 'Sensitive', shown: 'Shown in lists', source: 'Source', standard: 'Acceptable when', start: 'The legal time counts from',
    statutory: 'Legal time', statutory_basis: 'Basis of the legal time', unique: 'No two alike', unit: 'Unit', valid_months: 'Valid for (months)', visible: 'Shown when', widget: 'Filled in as'
  } as Record<string, string>,
  values: {
    kind: { instant: 'On the spot', promised: 'Promised' },
    general: { instant: 'On the spot', promised: 'Promised', licence: 'Licence', twice_reviewed: 'Reviewed twice' },
    start: { accepted: 'acceptance', received: 'complete papers' },
    act: { denied: 'deny', not_accepted: 'refuse acceptance', not_required: 'say that it is not required' },
    risk: { L: 'Low', M: 'Medium', H: 'High' },
    item_type: { '01': 'Licence', '05': 'Benefit', '06': 'Inspection', '07': 'Confirmation', '08': 'Award', '09': 'Adjudication', 10: 'Other power', 20: 'Public service' },
    depth: { 1: 'Level 1', 2: 'Level 2', 3: 'Level 3', 4: 'Level 4 (wholly online)' },
    widget: {
      text: 'a line of text', textarea: 'several lines of text', number: 'a number', money: 'an amount', date: 'a date', month: 'year and month', choice: 'one of several', select: 'one of a list', checkbox: 'a tick', phone: 'a mobile number',
      citizen_no: 'a citizen number', credit_code: 'a credit code', bank_account: 'a bank account', list: 'rows'
    }
  } as Record<string, Record<string, string>>,
  codes: {
    person: 'Person', enterprise: 'Enterprise', wd: 'working days', cd: 'days', mon: 'months', applicant: 'from the applicant', shared: 'shared, not asked', government: 'issued by an authority', population: 'Population register', insurance: 'Insurance register',
    employment: 'Employment register', benefit: 'Benefit register', card: 'Card register', pension: 'Pension register', injury: 'Work-injury register', family: 'Family register', venture: 'Venture register', licence: 'Licence register'
  } as Record<string, string>,
  registers: { enterprise: 'Enterprise register' } as Record<string, string>,
  technical: (count: number) => `For technicians (${count})`
}
