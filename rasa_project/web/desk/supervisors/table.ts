import { element } from "../view/dom";

export interface Column<Row> {
  name: string;
  write: (row: Row) => string;
  number?: boolean;
}

/** A table that scrolls sideways by itself where the page is narrow; its first column names the rows. */
export function table<Row>(caption: string, columns: Column<Row>[], rows: Row[]): HTMLElement {
  const head = columns.map(({ name, number }) => element("th", number ? "number" : "", { scope: "col" }, name));
  const body = rows.map((row) =>
    element("tr", "", {}, ...columns.map((column, index) => cell(column, row, index === 0))),
  );
  const grid = element(
    "table",
    "",
    {},
    element("caption", "unseen", {}, caption),
    element("thead", "", {}, element("tr", "", {}, ...head)),
    element("tbody", "", {}, ...body),
  );
  return element("div", "scroll", { tabindex: "0", role: "group", "aria-label": caption }, grid);
}

function cell<Row>(column: Column<Row>, row: Row, names: boolean): HTMLElement {
  const kind = column.number ? "number" : "";
  return names ? element("th", kind, { scope: "row" }, column.write(row)) : element("td", kind, {}, column.write(row));
}
