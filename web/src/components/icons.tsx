import type { ReactNode } from 'react';

import styles from './icons.module.css';

/** All are decoration: what they mean stands beside them, or in the label of their button. */
function Icon({ children }: { readonly children: ReactNode }) {
  return (
    <svg className={styles['icon']} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const CopyIcon = () => (
  <Icon>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
    <path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2" />
  </Icon>
);
export const CheckIcon = () => (
  <Icon>
    <path d="m3 8.5 3.2 3.2L13 4.8" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m4 4 8 8m0-8-8 8" />
  </Icon>
);
export const SearchIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4.5" />
    <path d="m10.5 10.5 3 3" />
  </Icon>
);
export const MenuIcon = () => (
  <Icon>
    <path d="M2.5 4.5h11M2.5 8h11m-11 3.5h11" />
  </Icon>
);
export const ChevronIcon = () => (
  <Icon>
    <path d="m6 3.5 4.5 4.5L6 12.5" />
  </Icon>
);
export const UploadIcon = () => (
  <Icon>
    <path d="M8 10.5v-8m-3 3 3-3 3 3M2.5 10.5v2a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-2" />
  </Icon>
);
export const DownloadIcon = () => (
  <Icon>
    <path d="M8 2.5v8m-3-3 3 3 3-3M2.5 10.5v2a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-2" />
  </Icon>
);
export const WarningIcon = () => (
  <Icon>
    <path d="M8 2.2 14.3 13H1.7Zm0 4.3v3M8 11.2v.3" />
  </Icon>
);
export const CertificateIcon = () => (
  <Icon>
    <path d="M9 11.5H3.5a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v3.7M5 5.5h6M5 8h3" />
    <circle cx="11.5" cy="10" r="2" />
    <path d="M10.5 11.8v2.4l1-.7 1 .7v-2.4" />
  </Icon>
);
export const UserIcon = () => (
  <Icon>
    <circle cx="8" cy="5" r="2.5" />
    <path d="M3 13.5c.4-2.8 2.3-4.3 5-4.3s4.6 1.5 5 4.3" />
  </Icon>
);
export const PolicyIcon = () => (
  <Icon>
    <path d="M8 2.2 13 4v4c0 3-2 4.9-5 5.9C5 12.9 3 11 3 8V4Z" />
    <path d="m5.8 8 1.6 1.6L10.3 6.6" />
  </Icon>
);
export const KeyIcon = () => (
  <Icon>
    <circle cx="5" cy="11" r="2.5" />
    <path d="m6.8 9.2 6-6M10.5 5.5l2 2" />
  </Icon>
);
export const LogIcon = () => (
  <Icon>
    <path d="M5.5 3.5h8m-8 4.5h8m-8 4.5h8M2.5 3.5h.5m-.5 4.5h.5m-.5 4.5h.5" />
  </Icon>
);
export const TodayIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" />
    <path d="M8 4.5V8l2.3 1.5" />
  </Icon>
);
export const AnchorIcon = () => (
  <Icon>
    <circle cx="8" cy="3.5" r="1.5" />
    <path d="M8 5v8.5m-5-4.7c.3 3 2.3 4.7 5 4.7s4.7-1.7 5-4.7M5.5 7.5h5" />
  </Icon>
);
