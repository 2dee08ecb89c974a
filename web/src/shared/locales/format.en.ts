import { plural } from './plural'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const LONG_MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

export default {
  day: (year: number | undefined, month: number, day: number) => `${day} ${MONTHS[month - 1]}${year ? ` ${year}` : ''}`,
  month: (year: number, month: number) => `${MONTHS[month - 1]} ${year}`,
  formalDay: (year: number, month: number, day: number) => `${day} ${LONG_MONTHS[month - 1]} ${year}`,
  provisional: ' (provisional)',
  at: (day: string, clock: string) => `${day}, ${clock}`,
  today: 'today',
  yesterday: 'yesterday',
  now: 'just now',
  minutes: (count: number) => `${plural(count, 'minute')} ago`,
  hours: (count: number) => `${plural(count, 'hour')} ago`,
  expected: (day: string) => `Result by ${day}`,
  periods: {
    wd: (count: number) => plural(count, 'working day'),
    cd: (count: number) => plural(count, 'day'),
    mon: (count: number) => plural(count, 'month')
  },
  yuan: (amount: string) => `${amount} yuan`
}
