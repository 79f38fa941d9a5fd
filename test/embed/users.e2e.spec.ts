import { Controller, Get, UseGuards } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import {
  CurrentUser,
  JwtAuthGuard,
  type Principal,
  TANDEM,
  User,
  UserProfile,
  UsersService,
} from '../../src/index';
import { ADAPTERS } from '../support/host-app';
import { userIdOf } from '../support/jwt';
import { TestApp } from '../support/test-app';

/** Of a module that imports nothing for it. */
@UseGuards(JwtAuthGuard)
@Controller('shop')
class ShopController {
  constructor(
    @InjectRepository(User, TANDEM) private readonly users: Repository<User>,
    @InjectRepository(UserProfile, TANDEM) private readonly profiles: Repository<UserProfile>,
    private readonly service: UsersService,
  ) {}

  @Get()
  async customer(@CurrentUser() { userId: id }: Principal): Promise<object> {
    const { mobile } = await this.users.findOneByOrFail({ id });
    const hasProfile = await this.profiles.existsBy({ id });
    return { id: (await this.service.findById(id))?.id, mobile, hasProfile };
  }
}

describe.each(ADAPTERS)('users in a host application on %s', (adapter) => {
  it('are injected by name, as entities and as a service', async () => {
    const app = await TestApp.start({ adapter, controllers: [ShopController] });
    const { token, mobile } = await app.logIn();

    const { body } = await app.get('/shop', { token });

    expect(body).toEqual({ id: userIdOf(token), mobile, hasProfile: true });
    await app.close();
  });
});
