import type { MessageDescriptor } from '@lingui/core';
import type { ComponentType } from 'react';
import type { RouteObject } from 'react-router';

/** What `features/<name>/feature.tsx` exports as `feature`; `routes.tsx` finds it. */
export interface Feature {
  readonly area: 'console' | 'my';
  /** Its place in the navigation. */
  readonly order: number;
  /** Of the console, relative to `/console/:clientExtId`; of self-service, to `/my`. */
  readonly routes: readonly RouteObject[];
  readonly navigation?: {
    readonly to: string;
    readonly label: MessageDescriptor;
    readonly icon: ComponentType;
    /** Without this right, the entry is not shown. */
    readonly right?: string;
  };
}
