import { createContext } from 'react'
import type { Settings } from '../shared/settings.ts'

export const SettingsContext = createContext<Settings>({})
