export default {
  title: 'Calculators',
  lead: 'A few answers give the result. No sign-in is needed, and nothing is kept.',
  here: 'You are here',
  none: 'There is no calculator now. For questions call 12333.',
  fill: 'Please fill in',
  submit: 'Calculate',
  busy: 'Calculating',
  again: 'Start again',
  print: 'Print the result',
  result: 'Result',
  waiting: 'Fill in the form and press Calculate: the result appears here.',
  reached: (day: string) => `You have reached the statutory retirement age: the day was ${day}.`,
  reachedNow: 'If you have not retired yet, you may apply now. If you already draw a pension, there is nothing to do. If you have not paid long enough, or do not know whether you have applied, call 12333.',
  by: 'What you filled in',
  basis: 'Basis',
  apply: (name: string) => `How to apply: ${name}`,
  call: 'To ask whether it is right and what to choose, call 12333.'
}
