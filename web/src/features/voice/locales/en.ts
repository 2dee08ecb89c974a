import { plural } from '@/shared/locales/plural'

export default {
  title: 'Rate the service',
  lead: 'It is up to you. The staff see what you write, but not who wrote it.',
  level: 'How was it?',
  labels: 'Tell us why. You may choose several',
  text: 'Anything else',
  textHint: 'Please leave out citizen numbers and telephone numbers',
  anonymous: 'Stay anonymous',
  anonymousHint: 'Your name is not kept. We act on poor ratings all the same, but cannot call you back.',
  submit: 'Submit the rating',
  busy: 'Submitting',
  skip: 'Do not rate',
  needLevel: 'Please choose a rating',
  thanks: 'Thank you for your rating',
  thanksWhat: 'It is recorded, counts in the published figures and will not be changed.',
  back: 'Back to the case',
  stars: (count: number) => plural(count, 'star'),
  addTitle: 'Add to your rating',
  addLead: (stars: number) => `You gave ${plural(stars, 'star')}. You may add one more rating; the first one stays.`,
  rated: (stars: number) => `You gave ${plural(stars, 'star')}`,
  ratedWhat: 'Your rating is recorded and will not be changed.',
  notNow: 'This case cannot be rated now',
  notNowWhat: 'You can rate a case once it is closed: one rating, and one addition to it.'
}
