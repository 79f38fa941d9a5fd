import { randomInt } from 'node:crypto';
import {
  BadRequestException,
  Body,
  Controller,
  ForbiddenException,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Post,
  Put,
  Request,
  UseGuards,
} from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { InjectRepository } from '@nestjs/typeorm';
import { IsString, Length } from 'class-validator';
import type { Redis } from 'ioredis';
import { Repository } from 'typeorm';
import { Profile, Session, User } from './entities';
import { REFRESH_TTL, Tokens, type TokenUser } from './tokens';

export class LoginDto {
  @IsString()
  mobile!: string;

  @Length(6, 6)
  code!: string;
}

const newId = () => String(randomInt(2 ** 47));

@Injectable()
export class AuthService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    @InjectRepository(Profile) private readonly profiles: Repository<Profile>,
    @InjectRepository(Session) private readonly sessions: Repository<Session>,
    @Inject('REDIS') private readonly redis: Redis,
    private readonly tokens: Tokens,
  ) {}

  async login({ mobile, code }: LoginDto) {
    const sent = await this.redis.get(`code:${mobile}`);
    if (sent !== code) throw new BadRequestException('Invalid code.');
    await this.redis.del(`code:${mobile}`);
    const user = (await this.users.findOne({ where: { mobile } })) ?? (await this.register(mobile));
    if (user.status !== 'active') throw new ForbiddenException('Invalid user.');
    user.lastLogin = user.verifiedAt = Date.now();
    await this.users.save(user);
    const session = await this.sessions.save(newSession(user.id));
    return this.tokens.pair({ userId: user.id, sessionId: session.id });
  }

  async refresh({ sessionId }: TokenUser) {
    const session = await this.sessions.findOne({ where: { id: sessionId } });
    if (!session || session.endedAt || Number(session.expiresAt) < Date.now()) {
      throw new ForbiddenException('Wrong refresh token.');
    }
    const user = await this.users.findOne({ where: { id: session.userId } });
    if (user?.status !== 'active') throw new ForbiddenException('Invalid user.');
    return this.tokens.access({ userId: user.id, sessionId });
  }

  private async register(mobile: string): Promise<User> {
    const now = Date.now();
    const times = { lastLogin: now, verifiedAt: now, createdAt: now, updatedAt: now };
    const fields = { id: newId(), mobile, name: mobile.slice(-4), status: 'active', ...times };
    const user = await this.users.save(this.users.create(fields));
    await this.profiles.save(this.profiles.create({ id: user.id }));
    return user;
  }
}

function newSession(userId: string): Partial<Session> {
  const now = Date.now();
  const times = { createdAt: now, lastUsedAt: now, expiresAt: now + REFRESH_TTL * 1000 };
  return { id: newId(), userId, generation: 0, network: '127.0.0.0/24', ...times };
}

@Controller()
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @UseGuards(AuthGuard('jwt'))
  @Get('bench/whoami')
  whoAmI(@Request() request: { user: TokenUser }) {
    return { user_id: request.user.userId };
  }

  @Post('auth/tokens')
  login(@Body() body: LoginDto) {
    return this.auth.login(body);
  }

  @UseGuards(AuthGuard('jwt-refresh'))
  @HttpCode(201)
  @Put('auth/tokens')
  refresh(@Request() request: { user: TokenUser }) {
    return this.auth.refresh(request.user);
  }
}
