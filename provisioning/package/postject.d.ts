declare module 'postject' {
  /** Writes a resource into an ELF, Mach-O or PE file. */
  export function inject(
    file: string,
    resource: string,
    data: Uint8Array,
    options: { sentinelFuse: string; machoSegmentName?: string },
  ): Promise<void>
}
