export * from './types'
export { ApiProblem, asProblem, type ProblemKind } from './problem'
export { api, apiUrl, call, newKey, onSignedOut, tellSignedIn, setApiLanguage, setSurface, type CallOptions, type Query } from './client'
export { useAction, useLoaded, whenSignedIn, type Action, type Loaded } from './use'
