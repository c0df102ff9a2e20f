import { describe, expect, it } from "vitest";
import { ApiError } from "../service.ts";
import { unchunked } from "./aws-chunked.ts";
import { bytesOf, textOf, type WireRequest } from "./message.ts";

function upload(body: string, headers: Readonly<Record<string, string>> = {}): WireRequest {
  return {
    method: "PUT",
    path: "/b/k",
    query: {},
    headers: { "content-encoding": "aws-chunked", ...headers },
    body: bytesOf(body),
  };
}

describe("aws-chunked bodies", () => {
  it("joins the chunks and turns trailers into headers", () => {
    const request = unchunked(upload("5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n"));
    expect(textOf(request.body)).toBe("hello world");
    expect(request.headers["x-amz-checksum-crc32"]).toBe("DUoRhQ==");
    expect(request.headers["content-encoding"]).toBeUndefined();
  });

  it("reads signed chunks and keeps other encodings", () => {
    const signed = "5;chunk-signature=00\r\nhello\r\n0;chunk-signature=00\r\n\r\n";
    const request = unchunked(upload(signed, { "content-encoding": "gzip,aws-chunked" }));
    expect(textOf(request.body)).toBe("hello");
    expect(request.headers["content-encoding"]).toBe("gzip");
  });

  it("leaves a plain body alone", () => {
    const request = upload("5\r\nhello", { "content-encoding": "identity" });
    expect(unchunked(request)).toBe(request);
  });

  it("refuses a body cut short, or of another length than declared", () => {
    expect(() => unchunked(upload("5\r\nhello"))).toThrow(ApiError);
    const short = upload("5\r\nhello\r\n0\r\n\r\n", { "x-amz-decoded-content-length": "6" });
    expect(() => unchunked(short)).toThrow("terminated unexpectedly");
  });
});
