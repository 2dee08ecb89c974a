import type { CaseFile, MaterialSlot } from '@/shared/api'
import { pick } from '@/shared/locales'

/** A file with the name of its material. */
export interface Paper { file: CaseFile; material: string }

/** The files of all materials, in the order in which they are read. */
export function papersOf(slots: MaterialSlot[]): Paper[] {
  return slots.flatMap((slot) => slot.files.map((file) => ({ file, material: pick(slot.name) })))
}

/** How a picture lies in its frame. */
export interface Sight { turn: 0 | 90 | 180 | 270; zoom: number }

const STEP = 1.25
const ZOOM = { least: 0.25, most: 6 }

export const whole: Sight = { turn: 0, zoom: 1 }

export function turned(sight: Sight, by: 90 | -90): Sight {
  return { ...sight, turn: ((sight.turn + by + 360) % 360) as Sight['turn'] }
}

export function zoomed(sight: Sight, by: 1 | -1): Sight {
  return { ...sight, zoom: Math.min(Math.max(sight.zoom * STEP ** by, ZOOM.least), ZOOM.most) }
}

/** Sizes in dots: of the picture as it is drawn before it is turned, and of the room that it takes. */
export function layout(sight: Sight, natural: { width: number; height: number }, room: number): { width: number; height: number; across: number; down: number } {
  const lies = sight.turn % 180 !== 0
  const broad = lies ? natural.height : natural.width
  // A small picture is not blown up to the width of the frame.
  const scale = Math.min(room / broad, 1) * sight.zoom
  const width = natural.width * scale, height = natural.height * scale
  return { width, height, across: lies ? height : width, down: lies ? width : height }
}
