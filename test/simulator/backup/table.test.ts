import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Table } from "./table.ts";

describe("a table", () => {
  it("tells its rows in order from any sequence on, whatever was deleted and whenever its holes were closed", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -400, max: 200 }), { maxLength: 600 }), fc.nat(400), (steps, from) => {
        const table = new Table<{ readonly sequence: number }>();
        const rows = new Map<number, { readonly sequence: number }>();
        steps.forEach((step, sequence) => {
          if (step >= 0) rows.set(sequence, table.add(String(sequence), { sequence }));
          else if (table.delete(String(-step))) rows.delete(-step);
        });
        const wanted = [...rows.values()].filter((row) => row.sequence > from);
        expect([...table.after(from)]).toEqual(wanted);
        expect([...table]).toEqual([...rows.values()]);
        expect(table.size).toBe(rows.size);
      }),
    );
  });

  it("closes its holes when they outnumber its rows", () => {
    const table = new Table<{ readonly sequence: number }>();
    for (let sequence = 0; sequence < 200; sequence += 1) table.add(String(sequence), { sequence });
    for (let sequence = 0; sequence < 150; sequence += 1) table.delete(String(sequence));
    expect(Array.from(table.after(159), (row) => row.sequence)[0]).toBe(160);
    expect([...table.after(-1)]).toHaveLength(50);
    expect(table.delete("199")).toBe(true);
    expect([...table.after(197)]).toEqual([{ sequence: 198 }]);
  });

  it("takes no row twice and none out of sequence", () => {
    const table = new Table<{ readonly sequence: number }>();
    table.add("a", { sequence: 2 });
    expect(() => table.add("b", { sequence: 2 })).toThrow("out of sequence");
    expect(() => table.add("a", { sequence: 3 })).toThrow("already");
  });
});
