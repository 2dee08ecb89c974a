export * from './types'
export { ApiProblem, asProblem, type ProblemKind } from './problem'
export { api, apiUrl, call, newKey, onLanguage, onSignedIn, onSignedOut, tellSignedIn, setApiLanguage, setSurface, type CallOptions, type Query } from './client'
export { useAction, useLoaded, whenLanguage, whenSignedIn, type Action, type Loaded } from './use'
