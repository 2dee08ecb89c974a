export default {
  title: 'How we keep our promises',
  oneVisit: 'Done in one go',
  days: 'Average time',
  daysUnit: 'working days',
  sameDay: 'Same day',
  onTime: 'Done on time',
  rating: 'Rating by citizens',
  asOf: (time: string) => `Counted up to ${time}. Poor ratings are included.`
}
