export default {
  outbox: {
    channels: { sms: 'SMS', email: 'Email' } as Record<string, string>,
    states: { sent: 'Sent', failed: 'Not sent', waiting: 'Waiting' } as Record<string, string>,
    title: 'Outbox',
    demo: 'Demo',
    note: 'These short messages and emails were not really sent; the recipients are fictional.',
    none: 'Nothing has been sent yet',
    wait: 'When a case moves on, it stands here.',
    list: 'What was sent',
    time: 'Time',
    channel: 'Channel',
    to: 'Recipient',
    text: 'Text',
    state: 'State',
    more: 'Show more'
  }
}
