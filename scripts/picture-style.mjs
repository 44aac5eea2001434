/** The picture has a background of its own, so that it can be read on any page. */
export const PICTURE_STYLE = `
    svg { --paper: #ffffff; --ink: #1f2328; --soft: #59636e; --line: #818b98; --fill: #f6f8fa; --main: #ddf4ff; --edge: #0969da; }
    @media (prefers-color-scheme: dark) {
      svg { --paper: #0d1117; --ink: #f0f6fc; --soft: #9198a1; --line: #7d8590; --fill: #151b23; --main: #10243e; --edge: #4493f8; }
    }
    text { font: 14px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; text-anchor: middle; fill: var(--soft); }
    .heading { font-weight: 600; font-size: 15px; fill: var(--ink); }
    .label { stroke: var(--paper); stroke-width: 8px; stroke-linejoin: round; paint-order: stroke; fill: var(--ink); font-size: 13px; }
    .paper { fill: var(--paper); }
    .box { fill: var(--fill); stroke: var(--line); }
    .main { fill: var(--main); stroke: var(--edge); stroke-width: 2; }
    .arrow { stroke: var(--line); stroke-width: 1.5; fill: none; }
    .head { fill: var(--line); }
  `;
