// A surface through scattered points, and its lines of equal height. Pure.

/**
 * Inverse distance weighting (Shepard 1968, power 2): z(p) = Σ zᵢ/dᵢ² / Σ 1/dᵢ², with both sides scaled to 0…1 so that
 * units do not matter. It passes through every point (points at one place through their mean), and never leaves the
 * range of the values.
 *
 * @param points `[[x, y, z], …]`, at least one
 * @param size steps along each side
 * @returns `{xs, ys, zs}`; `zs[row][column]` belongs to `ys[row]`, `xs[column]`
 */
export function surface(points, size) {
  const [x0, x1] = ends(points.map(([x]) => x));
  const [y0, y1] = ends(points.map(([, y]) => y));
  const xs = steps(x0, x1, size);
  const ys = steps(y0, y1, size);
  const height = (x, y) => {
    let weights = 0;
    let sum = 0;
    let here = [];
    for (const [px, py, pz] of points) {
      const dx = (px - x) / (x1 - x0);
      const dy = (py - y) / (y1 - y0);
      const squared = dx * dx + dy * dy;
      if (squared < 1e-18) here = [...here, pz];
      else {
        weights += 1 / squared;
        sum += pz / squared;
      }
    }
    return here.length > 0 ? here.reduce((left, right) => left + right) / here.length : sum / weights;
  };
  return { xs, ys, zs: ys.map((y) => xs.map((x) => height(x, y))) };
}

/** A side of no length gets one, so that nothing is divided by 0. */
function ends(values) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

function steps(from, until, size) {
  return Array.from({ length: size }, (none, index) => from + ((until - from) * index) / (size - 1));
}

/**
 * The line of one height by marching squares: segments `[[x, y], [x, y]]`, ends interpolated along the sides of a cell.
 * A saddle is joined so that the side of its middle's height stays together.
 */
export function isoline({ xs, ys, zs }, level) {
  const segments = [];
  for (let row = 0; row + 1 < ys.length; row++) {
    for (let column = 0; column + 1 < xs.length; column++) {
      segments.push(...ofCell(xs, ys, zs, row, column, level));
    }
  }
  return segments;
}

function ofCell(xs, ys, zs, row, column, level) {
  const corners = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]];
  const heights = corners.map(([x, y]) => zs[y][x]);
  const crossings = [];
  for (let side = 0; side < 4; side++) {
    const next = (side + 1) % 4;
    if ((heights[side] >= level) === (heights[next] >= level)) continue;
    const share = (level - heights[side]) / (heights[next] - heights[side]);
    const [ax, ay] = corners[side];
    const [bx, by] = corners[next];
    crossings.push([xs[ax] + (xs[bx] - xs[ax]) * share, ys[ay] + (ys[by] - ys[ay]) * share]);
  }
  if (crossings.length < 4) return crossings.length === 2 ? [crossings] : [];
  const middleAbove = heights.reduce((sum, value) => sum + value) / 4 >= level;
  const firstAbove = heights[0] >= level;
  return middleAbove === firstAbove
    ? [[crossings[0], crossings[1]], [crossings[2], crossings[3]]]
    : [[crossings[3], crossings[0]], [crossings[1], crossings[2]]];
}

/** Heights of `count` lines, evenly between the lowest and the highest point of a surface, without the two. */
export function levels({ zs }, count) {
  const all = zs.flat();
  const low = Math.min(...all);
  const high = Math.max(...all);
  return low === high ? [] : Array.from({ length: count }, (none, index) => low + ((high - low) * (index + 1)) / (count + 1));
}
