/** React wrappers: properties instead of attributes, `onX` instead of addEventListener. */
import { createComponent } from '@lit/react';
import * as React from 'react';
import { nameOf } from '../base/define.js';
import { ToastStack as ToastStackElement } from '../elements/toast-stack/toast-stack.js';

export const ToastStack = createComponent({ react: React, tagName: nameOf(ToastStackElement), elementClass: ToastStackElement });
