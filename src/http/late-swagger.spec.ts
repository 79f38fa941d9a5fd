import 'reflect-metadata';
import late = require('./late-swagger');

/** As the built server sees it. */
const { ApiProperty, ApiTags } = late as unknown as typeof import('@nestjs/swagger');

class Parcel {
  weight!: number;
}
ApiTags('post')(Parcel);
ApiProperty({ type: 'integer' })(Parcel.prototype, 'weight');

const documented = () => [
  Reflect.getMetadata('swagger/apiUseTags', Parcel),
  Reflect.getMetadata('swagger/apiModelProperties', Parcel.prototype, 'weight')?.type,
];

describe('what stands for @nestjs/swagger in the built server', () => {
  it('notes decorators, and puts them in place when the docs are asked for', () => {
    expect(documented()).toEqual([undefined, undefined]);

    late.load();

    expect(documented()).toEqual([['post'], 'integer']);
  });

  it('loses no decorator to another one that throws', () => {
    class Letter {
      weight!: number;
    }
    ApiTags(null as never)(Parcel);
    ApiTags('letters')(Letter);

    expect(() => late.load()).toThrow(TypeError);
    late.load();

    expect(Reflect.getMetadata('swagger/apiUseTags', Letter)).toEqual(['letters']);
  });
});
