export default {
  outbox: {
    channels: { sms: '短信', email: '邮件' } as Record<string, string>,
    states: { sent: '已发出', failed: '没有发出', waiting: '等待' } as Record<string, string>,
    title: '外发箱',
    demo: '演示',
    note: '这里的短信和邮件没有真的发出，收件人都是虚构的。',
    none: '还没有发出过短信和邮件',
    wait: '办件有进展时会出现在这里。',
    list: '外发记录',
    time: '时间',
    channel: '方式',
    to: '收件人',
    text: '内容',
    state: '状态',
    more: '再看一些'
  }
}
