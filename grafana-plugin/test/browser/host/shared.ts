// The packages that Grafana shares with plugins, under the names plugins import.
import * as emotionCss from '@emotion/css'
import * as emotionReact from '@emotion/react'
import * as data from '@grafana/data'
import * as runtime from '@grafana/runtime'
import * as ui from '@grafana/ui'
import i18next from 'i18next'
import lodash from 'lodash'
import moment from 'moment'
import * as React from 'react'
import * as ReactDOM from 'react-dom'
import * as jsxRuntime from 'react/jsx-runtime'
import * as router from 'react-router-dom-v5-compat'
import * as rxjs from 'rxjs'
import { HostPage } from './page.tsx'
// Last: its global `define` would take UMD packages for modules of its own.
import 'systemjs/dist/system'
import 'systemjs/dist/extras/amd'
import 'systemjs/dist/extras/named-register'

const asModule = (namespace: object) => ({ ...namespace, __esModule: true })

const shared: Record<string, object> = {
  '@emotion/css': asModule(emotionCss),
  '@emotion/react': asModule(emotionReact),
  '@grafana/data': asModule(data),
  '@grafana/runtime': asModule({ ...runtime, PluginPage: HostPage }),
  '@grafana/ui': asModule(ui),
  react: asModule(React),
  'react-dom': asModule(ReactDOM),
  'react/jsx-runtime': asModule(jsxRuntime),
  'react-router': asModule(router),
  rxjs: asModule(rxjs),
  i18next,
  lodash: { default: lodash, ...lodash, __useDefault: true },
  moment: { default: moment, __useDefault: true },
}

export function loadPlugin(url: string) {
  const System = (window as never as { System: any }).System
  const imports: Record<string, string> = {}
  for (const [name, module] of Object.entries(shared)) {
    imports[name] = `package:${name}`
    System.set(`package:${name}`, module)
  }
  System.addImportMap({ imports })
  return System.import(url)
}
