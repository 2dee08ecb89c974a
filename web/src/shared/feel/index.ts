/**
 * Conditions of forms: the small part of FEEL that the crate `forms` allows in `visible` and
 * `required`. Names, literals, comparisons, `in [..]`, `and`, `or`, `not(..)`, with the three-valued
 * logic of DMN 1.3 §10.3.2. The server decides; this keeps the page in step while typing.
 */
export type Truth = boolean | null
type Literal = string | number | boolean | null
type Operand = { name: string } | { value: Literal }
type Node =
  | { kind: 'operand'; of: Operand }
  | { kind: 'compare'; op: string; left: Operand; right: Operand }
  | { kind: 'in'; value: Operand; items: Literal[] }
  | { kind: 'and' | 'or'; left: Node; right: Node }
  | { kind: 'not'; inner: Node }

/** A condition that was read. */
export interface Condition {
  /** The names that it asks for. */
  names: string[]
  test: (values: Record<string, unknown>) => Truth
}

/** A text is not a condition. */
export class NotACondition extends Error {}

const TOKEN = /\s+|(-?\d+(?:\.\d+)?)|("(?:[^"\\]|\\.)*")|([A-Za-z_][A-Za-z0-9_]*)|(!=|<=|>=|[=<>()[\],])/y
const WORDS: ReadonlyMap<string, Literal> = new Map<string, Literal>([['true', true], ['false', false], ['null', null]])
const COMPARISONS = ['!=', '<=', '>=', '=', '<', '>']

/** Reads a condition. */
export function readCondition(source: string): Condition {
  const tokens = tokensOf(source)
  const names: string[] = []
  let at = 0
  const next = () => tokens[at]
  const take = (text: string) => (next() === text ? Boolean(++at) : false)
  const need = (text: string) => { if (!take(text)) throw new NotACondition(`“${text}” is missing in ${source}`) }

  function condition(): Node {
    let left = term()
    while (take('or')) left = { kind: 'or', left, right: term() }
    return left
  }

  function term(): Node {
    let left = factor()
    while (take('and')) left = { kind: 'and', left, right: factor() }
    return left
  }

  function factor(): Node {
    if (next() === 'not' && tokens[at + 1] === '(') {
      at += 1
      return { kind: 'not', inner: bracketed() }
    }
    return next() === '(' ? bracketed() : comparison()
  }

  function bracketed(): Node {
    need('(')
    const inner = condition()
    need(')')
    return inner
  }

  function comparison(): Node {
    const left = operand()
    const op = COMPARISONS.find(take)
    if (op) return { kind: 'compare', op, left, right: operand() }
    return take('in') ? { kind: 'in', value: left, items: items() } : { kind: 'operand', of: left }
  }

  function items(): Literal[] {
    const found: Literal[] = []
    need('[')
    do {
      const item = operand()
      if (!('value' in item)) throw new NotACondition(`only literals stand in a list: ${source}`)
      found.push(item.value)
    } while (take(','))
    need(']')
    return found
  }

  function operand(): Operand {
    const token = tokens[at++] ?? ''
    if (WORDS.has(token)) return { value: WORDS.get(token) ?? null }
    if (token.startsWith('"')) return { value: token.slice(1, -1).replace(/\\(.)/g, '$1') }
    if (/^-?\d/.test(token)) return { value: Number(token) }
    if (!/^[A-Za-z_]/.test(token) || ['and', 'or', 'in', 'not'].includes(token)) throw new NotACondition(`a value is missing in ${source}`)
    names.push(token)
    return { name: token }
  }

  const node = condition()
  if (at < tokens.length) throw new NotACondition(`unexpected “${next()}” in ${source}`)
  return { names, test: (values) => truth(node, values) }
}

function tokensOf(source: string): string[] {
  const found: string[] = []
  const pattern = new RegExp(TOKEN)
  while (pattern.lastIndex < source.length) {
    const start = pattern.lastIndex
    const match = pattern.exec(source)
    if (!match) throw new NotACondition(`unexpected character ${start + 1} in ${source}`)
    if (match[0].trim()) found.push(match[0])
  }
  return found
}

function truth(node: Node, values: Record<string, unknown>): Truth {
  switch (node.kind) {
    case 'operand': return asTruth(valueOf(node.of, values))
    case 'compare': return compare(node.op, valueOf(node.left, values), valueOf(node.right, values))
    case 'in': return node.items.some((item) => equal(valueOf(node.value, values), item) === true)
    case 'not': return invert(truth(node.inner, values))
    case 'and': {
      const sides = [truth(node.left, values), truth(node.right, values)]
      return sides.includes(false) ? false : sides.includes(null) ? null : true
    }
    case 'or': {
      const sides = [truth(node.left, values), truth(node.right, values)]
      return sides.includes(true) ? true : sides.includes(null) ? null : false
    }
  }
}

function valueOf(operand: Operand, values: Record<string, unknown>): unknown {
  if ('value' in operand) return operand.value
  return Object.prototype.hasOwnProperty.call(values, operand.name) ? values[operand.name] ?? null : null
}

const asTruth = (value: unknown): Truth => (typeof value === 'boolean' ? value : null)
const invert = (value: Truth): Truth => (value === null ? null : !value)

function compare(op: string, left: unknown, right: unknown): Truth {
  if (op === '=') return equal(left, right)
  if (op === '!=') return invert(equal(left, right))
  const numbers = typeof left === 'number' && typeof right === 'number'
  const texts = typeof left === 'string' && typeof right === 'string'
  if (!numbers && !texts) return null
  const order = numbers ? left - right : byCodePoint(left as string, right as string)
  if (op === '<') return order < 0
  if (op === '<=') return order <= 0
  return op === '>' ? order > 0 : order >= 0
}

/** Null on the left equals null only and otherwise says nothing; a value never equals null. */
function equal(left: unknown, right: unknown): Truth {
  if (left === null) return right === null ? true : null
  if (right === null) return false
  return typeof left === typeof right ? left === right : null
}

function byCodePoint(left: string, right: string): number {
  const [a, b] = [[...left], [...right]]
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const order = (a[at]?.codePointAt(0) ?? 0) - (b[at]?.codePointAt(0) ?? 0)
    if (order) return order
  }
  return a.length - b.length
}
