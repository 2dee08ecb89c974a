export default {
  ratings: {
    levels: { 1: 'Very dissatisfied', 2: 'Dissatisfied', 3: 'Fairly satisfied', 4: 'Satisfied', 5: 'Very satisfied' } as Record<number, string>,
    title: 'Ratings',
    note: 'Rating is voluntary, and no rating is not a good one. Nobody sees here who gave it, nor on which day, so that a date does not give people away.',
    sum: 'Last month and this one',
    clear: 'Clear filters',
    months: (from: string, to: string) => (from === to ? from : `${from} to ${to}`),
    rated: 'ratings',
    closed: (count: string, share: string) => `${count} cases closed${share}`,
    share: (percent: string) => `, ${percent}% rated`,
    each: 'Each rating',
    none: 'No rating yet',
    wait: 'Ratings stand here as soon as somebody gives one.',
    more: 'Show more'
  }
}
