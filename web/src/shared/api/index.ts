export * from './types'
export { ApiProblem, asProblem, type ProblemKind } from './problem'
export { api, apiUrl, call, newKey, onSignedOut, setApiLanguage, setSurface, type CallOptions, type Query } from './client'
export { useAction, useLoaded, type Action, type Loaded } from './use'
