export default {
  notFound: {
    title: 'There is no such page',
    text: 'The address may be wrong, or the page has a new one.',
    home: 'Home',
    items: 'Find a service',
    hotline: 'If you do not find it, call 12333: our staff will help you.'
  },
  accessibility: {
    title: 'Accessibility',
    intro: 'Everybody should be able to get things done here without help. This page tells what this site does for that, what is still missing, and who helps you.',
    parts: [
      { title: 'What works', lines: ['Everything can be done with the keyboard alone, and you see where the focus is.', 'Every field has a name. Errors are listed, and the list leads you to the fields.', 'Text has a contrast of at least 4.5 to 1. Nothing is told by colour alone.', 'At 400% zoom, or on a screen of 320 pixels, nothing has to be scrolled sideways.', 'No puzzles against the clock, nothing that plays by itself, no advertisements.'] },
      { title: 'Elder mode', lines: ['Choose “Elder mode” at the top of the page: letters of at least 20 pixels, larger buttons, and a home page with the six things that people need most.', 'This device remembers your choice.'] },
      { title: 'What is missing', lines: ['Uploaded photos and scans have no description in words.', 'We have checked ourselves by the Chinese national standard for accessible web content. Nobody else has checked us yet.'] },
      { title: 'Not online?', lines: ['Everything can also be done at a window, with the same papers and the same result.', 'If you see, hear or move with difficulty, call 12333: our staff will apply for you.'] }
    ],
    feedback: 'If something does not work for you, call 12333 and say “the website does not work”. We answer within 5 working days.'
  }
}
