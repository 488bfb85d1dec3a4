import type { ReactNode } from 'react';

type IconProps = { readonly size?: number };

function icon(paths: ReactNode) {
  return ({ size = 18 }: IconProps) => (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {paths}
    </svg>
  );
}

export const ConnectionsIcon = icon(<path d="M9 7V3M15 7V3M7 7h10v4a5 5 0 0 1-10 0V7ZM12 16v5" />);
export const PeopleIcon = icon(
  <>
    <circle cx="9" cy="8" r="3.500" />
    <path d="M2.500 20c.6-3.600 3.200-5.500 6.500-5.500s5.900 1.900 6.500 5.500M16 4.800a3.500 3.500 0 0 1 0 6.400M18 14.900c1.900.8 3.100 2.500 3.500 5.100" />
  </>,
);
export const CompanyIcon = icon(
  <path d="M4 21V5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v16M15 10h4a1 1 0 0 1 1 1v10M2.500 21h19M8 8h3M8 12h3M8 16h3" />,
);
export const ResponseIcon = icon(<path d="M4 5h16v11H9l-4 4v-4H4V5ZM8 9h8M8 12h5" />);
export const HoldIcon = icon(
  <>
    <circle cx="12" cy="12" r="9" />
    <path d="M10 9v6M14 9v6" />
  </>,
);
export const FeedbackIcon = icon(<path d="M4 20V10M10 20V4M16 20v-7M21 20H3" />);
export const DealIcon = icon(<path d="M3 8h18v11H3V8ZM9 8V5h6v3M3 13h18M12 12v2" />);
export const HealthIcon = icon(<path d="M3 12h4l2.500-6 5 12 2.500-6h4" />);
export const MappingIcon = icon(<path d="M4 7h13l-3-3M20 17H7l3 3M4 12h16" />);
export const RunsIcon = icon(<path d="M4 6h10M4 12h16M4 18h7M17 4l3 2-3 2" />);
export const SettingsIcon = icon(
  <>
    <path d="M4 7h9M19 7h1M4 17h1M11 17h9" />
    <circle cx="16" cy="7" r="2.500" />
    <circle cx="8" cy="17" r="2.500" />
  </>,
);
export const OpenIcon = icon(<path d="M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5" />);
export const SyncIcon = icon(<path d="M20 7v5h-5M4 17v-5h5M18.500 12A7 7 0 0 0 6.300 7.800M5.500 12a7 7 0 0 0 12.200 4.200" />);
export const StartIcon = icon(<path d="M5 21V4M5 4h12l-2.500 4L17 12H5" />);
export const PlusIcon = icon(<path d="M12 5v14M5 12h14" />);
export const SearchIcon = icon(
  <>
    <circle cx="11" cy="11" r="6.500" />
    <path d="m20 20-4.300-4.300" />
  </>,
);
export const MoreIcon = icon(<path d="M5 12h.01M12 12h.01M19 12h.01" strokeWidth="3" />);
export const BackIcon = icon(<path d="M15 5l-7 7 7 7" />);
export const DownIcon = icon(<path d="m6 9 6 6 6-6" />);
export const UndoIcon = icon(<path d="M8 6 4 10l4 4M4 10h10a6 6 0 0 1 0 12h-2" transform="translate(0 -2)" />);
export const AlertIcon = icon(<path d="M12 4 2.800 19.500h18.400L12 4ZM12 10v4.500M12 17v.2" />);
export const CheckIcon = icon(<path d="m5 12.500 4.500 4.500L19 7.500" />);
export const SunIcon = icon(
  <>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 3v1.500M12 19.500V21M3 12h1.500M19.500 12H21M5.600 5.600l1.100 1.100M17.300 17.300l1.100 1.100M18.400 5.600l-1.100 1.100M6.700 17.300l-1.100 1.100" />
  </>,
);
export const MoonIcon = icon(<path d="M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500Z" />);
export const ScreenIcon = icon(
  <>
    <rect x="3" y="4.500" width="18" height="12" rx="2" />
    <path d="M9 20.500h6" />
  </>,
);
export const DocsIcon = icon(<path d="m9 8-5 4 5 4M15 8l5 4-5 4" />);
export const OutIcon = icon(<path d="M14 4h5a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-5M10 8l-4 4 4 4M6 12h10" />);

/** The mark of the product: two systems that move together. */
export function Logo({ size = 26 }: IconProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#4450c4" />
      <g fill="none" stroke="#fff" strokeWidth="2.8" strokeLinecap="round" strokeLinejoin="round">
        <path d="M8 12.500h15M19 8.500l4 4" />
        <path d="M24 19.500H9M13 23.500l-4-4" />
      </g>
    </svg>
  );
}
